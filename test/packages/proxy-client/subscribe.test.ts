import { afterEach, describe, expect, test } from "bun:test";
import { type SubscribeOptions, subscribe } from "../../../packages/proxy-client/src/subscribe.ts";

const servers: Bun.Server<undefined>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

/** A server that gives each connection its next answer, and what was asked of it. */
function serve(...answers: readonly (() => Response)[]) {
  const left = [...answers];
  const asked: Record<string, string>[] = [];
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      // Read at once: the runtime lets go of them with the request.
      asked.push(Object.fromEntries(request.headers));
      return left.shift()?.() ?? new Response(null, { status: 204 });
    },
  });
  servers.push(server);
  const read = async (options?: SubscribeOptions) => {
    const types: string[] = [];
    for await (const { type } of subscribe(server.url.href, options)) types.push(type);
    return types;
  };
  return { asked, read };
}

const stream =
  (...frames: readonly string[]) =>
  () =>
    new Response(frames.join(""), { headers: { "Content-Type": "text/event-stream" } });
const soon = "retry: 1\n\n";
const frame = (id: number, type: string) => `id: ${id}\nevent: ${type}\ndata: {}\n\n`;

describe("subscribe", () => {
  test("connects again with its cursor until nothing more will come", async () => {
    const { asked, read } = serve(stream(soon, frame(1, "queued")), stream(frame(2, "ready")));
    expect(await read({ headers: { Authorization: "Bearer motion_x" } })).toEqual([
      "queued",
      "ready",
    ]);
    const cursors = asked.map((headers) => headers["last-event-id"]);
    expect(cursors).toEqual([undefined, "1", "2"]);
    const keys = asked.map((headers) => headers["authorization"]);
    expect(new Set(keys)).toEqual(new Set(["Bearer motion_x"]));
  });

  test("begins behind the cursor that it is given", async () => {
    const { asked, read } = serve();
    expect(await read({ lastEventId: "7" })).toEqual([]);
    expect(asked[0]?.["last-event-id"]).toBe("7");
  });

  test("tries again after a busy server, and goes on at the server's own pace", async () => {
    const busy = () => Response.json({ error: "busy" }, { status: 503, headers: retryNow });
    const { asked, read } = serve(
      stream(soon, frame(1, "queued")),
      busy,
      stream(frame(2, "ready")),
    );
    expect(await read()).toEqual(["queued", "ready"]);
    expect(asked).toHaveLength(4);
  });

  test("throws a refusal at once, and what is no event stream", async () => {
    const refused = serve(() => Response.json({ error: "not found" }, { status: 404 }));
    await expect(refused.read()).rejects.toMatchObject({ status: 404, message: "not found" });
    const page = () => new Response("<p>", { headers: { "Content-Type": "text/html" } });
    await expect(serve(page).read()).rejects.toThrow("no event stream");
  });

  test("says that there is no network after ten attempts", async () => {
    const away = (() => Promise.reject(new TypeError("no route"))) as unknown as typeof fetch;
    let attempts = 0;
    const counted = ((...request: Parameters<typeof fetch>) => {
      attempts += 1;
      // The first connection tells a pace at which ten attempts take no time.
      return attempts === 1 ? fetch(...request) : away(...request);
    }) as typeof fetch;
    const { read } = serve(stream("retry: 0\n\n"));
    await expect(read({ fetch: counted })).rejects.toMatchObject({ code: "network" });
    expect(attempts).toBe(11);
  });

  test("ends without a word when it is told to", async () => {
    const controller = new AbortController();
    const { read } = serve(stream("retry: 60000\n\n", frame(1, "queued")));
    const types: string[] = [];
    const reading = read({ signal: controller.signal }).then((heard) => types.push(...heard));
    controller.abort();
    await reading;
    expect(types.length).toBeLessThanOrEqual(1);
  });
});

const retryNow = { "Retry-After": "0" };
