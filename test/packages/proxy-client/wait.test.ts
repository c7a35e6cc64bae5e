import { afterEach, describe, expect, test } from "bun:test";
import { type WaitOptions, waitForAsset } from "../../../packages/proxy-client/src/wait.ts";

type Answer = () => Response;

const servers: Bun.Server<undefined>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

/** A server that answers the clip's URL, and its event stream, each with its next answer. */
function serve(clip: readonly Answer[], events: readonly Answer[] = []) {
  const left = { clip: [...clip], events: [...events] };
  const cursors: (string | null)[] = [];
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      const isStream = new URL(request.url).pathname === "/base/v1/pk_abc/events/a25b330a71e2bc6b";
      if (isStream) cursors.push(request.headers.get("last-event-id"));
      const next = (isStream ? left.events : left.clip).shift();
      return next?.() ?? Response.json({ error: "not expected" }, { status: 400 });
    },
  });
  servers.push(server);
  const url = `http://127.0.0.1:${server.port}/base/v1/pk_abc/cdn.acme.com/hero.png.mp4`;
  return { cursors, wait: (options?: WaitOptions) => waitForAsset(url, options) };
}

const played = { "X-Played-By-A-Test": "yes" };
const assetId = { "X-Motioness-Asset-Id": "a25b330a71e2bc6b" };
const pending: Answer = () =>
  Response.json(
    { status: "pending" },
    { status: 202, headers: { ...assetId, "Retry-After": "0" } },
  );
const ready: Answer = () =>
  new Response("x", {
    status: 206,
    headers: { ...assetId, ETag: '"1"', "X-Motioness-Loop": "native" },
  });
const stream =
  (...frames: string[]): Answer =>
  () =>
    new Response(frames.join(""), { headers: { "Content-Type": "text/event-stream" } });
const frame = (id: number, type: string, data: object = {}) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

describe("waitForAsset", () => {
  test("returns at once what is there", async () => {
    const { wait } = serve([ready]);
    expect(await wait()).toMatchObject({
      assetId: "a25b330a71e2bc6b",
      etag: '"1"',
      loop: "native",
    });
  });

  test("follows the events of what is being made until it is ready", async () => {
    const heard: string[] = [];
    const events = stream(": ping\n\n", frame(1, "queued"), frame(2, "ready"));
    const { wait } = serve([pending, ready], [events]);
    await wait({ onEvent: ({ type }) => heard.push(type) });
    expect(heard).toEqual(["queued", "ready"]);
  });

  test("asks again after Retry-After where no stream comes through", async () => {
    const refused: Answer = () => new Response("", { status: 403 });
    const { wait } = serve([pending, pending, ready], [refused, refused]);
    expect(await wait()).toMatchObject({ etag: '"1"' });
  });

  test("tells with which code a generation failed", async () => {
    const failed = frame(3, "failed", { error_code: "source_unfetchable", error_msg: "it is 404" });
    const lastFailed: Answer = () =>
      Response.json({ error: "last generation failed" }, { status: 502, headers: assetId });
    const { wait } = serve([pending, lastFailed], [stream(frame(1, "queued"), failed)]);
    expect(wait()).rejects.toMatchObject({ code: "source_unfetchable", message: "it is 404" });
  });

  test("takes no older generation's failure for this one's, nor reads it twice", async () => {
    const older = stream(frame(1, "queued"), frame(2, "failed", { error_code: "i2v_failed" }));
    const { wait, cursors } = serve([pending, pending, ready], [older, stream(frame(9, "ready"))]);
    expect(await wait()).toMatchObject({ etag: '"1"' });
    expect(cursors).toEqual([null, "2"]);
  });

  test("throws a refusal with its status, request id and wait", async () => {
    const limited: Answer = () =>
      Response.json(
        { error: "monthly limit reached" },
        {
          status: 429,
          headers: { ...assetId, "X-Request-Id": "req_1", "Retry-After": "7", ...played },
        },
      );
    const expected = { code: "http", status: 429, requestId: "req_1", retryAfterMs: 7000 };
    expect(serve([limited]).wait()).rejects.toMatchObject(expected);
  });

  test("gives up in time, and when it is told to", async () => {
    const silent: Answer = () =>
      new Response(new ReadableStream({ start: (body) => body.enqueue(": ping\n\n") }), {
        headers: { "Content-Type": "text/event-stream" },
      });
    expect(serve([pending], [silent]).wait({ timeoutMs: 50 })).rejects.toMatchObject({
      code: "timeout",
    });
    const controller = new AbortController();
    const waiting = serve([pending], [silent]).wait({ signal: controller.signal });
    controller.abort(new Error("enough"));
    expect(waiting).rejects.toThrow("enough");
  });
});
