import { afterAll, describe, expect, test } from "bun:test";
import { createPurge } from "../../src/pipeline/purge.ts";
import { createPurger } from "../../src/purge/create-purger.ts";
import type { PurgeConfig } from "../../src/purge/purger.ts";
import { errorOf } from "../support/app-error.ts";
import { createRecordingLog } from "../support/recording-log.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

const asked: Asked[] = [];
let answer: () => Response = () => new Response("{}");
const cache = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const { method, url, headers } = request;
    asked.push({ method, path: new URL(url).pathname, headers, body: await request.text() });
    return answer();
  },
});
afterAll(() => cache.stop(true));

const assetId = "a25b330a71e2bc6b";
const base = `http://127.0.0.1:${cache.port}`;
const signal = new AbortController().signal;
const job = {
  id: "1",
  kind: "purge",
  subject: assetId,
  payload: "{}",
  due_at: 0,
  worker: "w",
  claims: 1,
  fence: 1,
  created_at: 0,
};

const protocols: readonly {
  readonly config: Exclude<PurgeConfig, { kind: "none" }>;
  readonly taken: () => Response;
  readonly expected: Partial<Asked>;
  readonly header: readonly [string, string];
}[] = [
  {
    config: { kind: "varnish", url: `${base}/`, token: "secret" },
    taken: () => new Response("Banned", { status: 200 }),
    expected: { method: "PURGE", path: "/", body: "" },
    header: ["surrogate-key", assetId],
  },
  {
    config: { kind: "cloudflare", url: `${base}/client/v4/zones/z1`, token: "secret" },
    taken: () => Response.json({ success: true, errors: [] }),
    expected: {
      method: "POST",
      path: "/client/v4/zones/z1/purge_cache",
      body: JSON.stringify({ tags: [assetId] }),
    },
    header: ["authorization", "Bearer secret"],
  },
  {
    config: { kind: "fastly", url: `${base}/service/s1`, token: "secret" },
    taken: () => Response.json({ status: "ok", id: "1" }),
    expected: { method: "POST", path: `/service/s1/purge/${assetId}`, body: "" },
    header: ["fastly-key", "secret"],
  },
];

describe.each(protocols)("a purge of $config.kind", ({ config, taken, expected, header }) => {
  const purger = createPurger(config);

  test("is asked for as it is documented, by the asset's tag", async () => {
    answer = taken;
    asked.length = 0;
    await purger?.purge(assetId, signal);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject(expected);
    expect(asked[0]?.headers.get(header[0])).toBe(header[1]);
  });

  test.each([403, 404, 500, 503, 302])("fails on %d, to be tried again", async (status) => {
    answer = () => new Response("no", { status, headers: { Location: "http://127.0.0.1:1/" } });
    const error = await errorOf(purger?.purge(assetId, signal) ?? Promise.resolve());
    expect(error).toMatchObject({ code: "unavailable", retry: true });
    expect(error.message).toContain(String(status));
  });

  test("is given up when its job is", async () => {
    const controller = new AbortController();
    controller.abort(new Error("the server is stopping"));
    const given = purger?.purge(assetId, controller.signal) ?? Promise.resolve();
    await expect(given).rejects.toThrow("the server is stopping");
  });
});

test("a refusal that Cloudflare answers with 200 is a refusal", async () => {
  answer = () => Response.json({ success: false, errors: [{ code: 1 }] });
  const config = { kind: "cloudflare", url: base, token: "t" } as const;
  const error = await errorOf(createPurger(config)?.purge(assetId, signal) ?? Promise.resolve());
  expect(error.code).toBe("unavailable");
});

describe("the job that purges", () => {
  test("has nothing to do without a cache", async () => {
    const log = createRecordingLog();
    const handler = createPurge({ purger: createPurger({ kind: "none" }), log });
    expect(await handler.run(job, signal)).toEqual({ state: "done" });
  });

  test("counts each attempt that fails, and says when it gives up", async () => {
    answer = () => new Response("no", { status: 500 });
    const log = createRecordingLog();
    const purger = createPurger({ kind: "fastly", url: base, token: "t" });
    const handler = createPurge({ purger, log });
    const failed = await handler.run(job, signal).catch((thrown: Error) => thrown);
    // Nothing that the queue would take for an outage of its own, and try for ever.
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toHaveProperty("code");
    expect(await handler.exhausted(job)).toEqual({ state: "done" });
    expect(JSON.stringify(log.lines)).toContain("purge_given_up");
  });
});
