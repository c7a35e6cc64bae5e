import { describe, expect, test } from "bun:test";
import { readEvents } from "../../support/event-reader.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer();

/** An asset, by default one that has ended. */
async function start(seed: number, finish: Parameters<typeof finishClip>[2] | undefined = {}) {
  const { headers } = await server.get(server.url("acme.com/a.png.mp4", `?seed=${seed}`));
  const assetId = headers["x-motioness-asset-id"] ?? "";
  if (finish) await finishClip(server, assetId, finish);
  return { assetId, path: `/v1/${server.proxyKey}/events/${assetId}` };
}

const ended = await start(1);
const url = (path: string) => `${server.http.url}${path}`;
const all = await readEvents(url(ended.path));
const newest = all.at(-1)?.id ?? 0;

test("an ended asset tells its story in order, and then is silent [E02, E11]", async () => {
  expect(all.map(({ type, data }) => (data["stage"] ? `${type}:${data["stage"]}` : type))).toEqual([
    "queued",
    "vision_completed",
    "stage_completed:stage1",
    "stage_completed:stage2",
    "stage_completed:merge",
    "r2_write_completed",
    "ready",
  ]);
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => a - b));
  expect(all[0]?.data).toMatchObject({ asset_id: ended.assetId, attempt: 1 });
});

test("the stream says what it is, and that nobody may keep it", async () => {
  const answer = await server.get(ended.path);
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": "text/event-stream",
    "cache-control": "no-store, no-transform",
    connection: "close",
    "x-accel-buffering": "no",
    "access-control-allow-origin": "*",
    "x-motioness-asset-id": ended.assetId,
  });
  expect(answer.headers["x-request-id"]).toMatch(/^req_/);
});

test("a cursor gives exactly the rest [E03]", async () => {
  for (const [index, { id }] of all.entries()) {
    const rest = await readEvents(url(ended.path), { after: id });
    expect(rest).toEqual(all.slice(index + 1));
  }
});

test.each(["abc", "", "-1", "1.5", "1e3", "0x10", "NaN", "9".repeat(20), "x".repeat(5000), "ä"])(
  "the cursor %j counts as none [E04]",
  async (cursor) => {
    const answer = await server.get(ended.path, { "Last-Event-ID": cursor });
    expect(answer.status).toBe(200);
    expect(answer.body.toString().match(/^id: /gm)).toHaveLength(all.length);
  },
);

test("a repeated cursor is no error either", async () => {
  const answer = await server.get(`${ended.path}?last_event_id=1&last_event_id=2`);
  expect(answer.status).toBe(200);
});

describe("a reader that has seen everything", () => {
  test.each([0, 1_000_000])("%d past the newest is told to stop [E11]", async (past) => {
    const answer = await server.get(ended.path, { "Last-Event-ID": String(newest + past) });
    expect([answer.status, answer.body.length]).toEqual([204, 0]);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
  });
});

test("the header wins over the query [E06]", async () => {
  const path = `${ended.path}?last_event_id=${newest}`;
  expect((await server.get(path)).status).toBe(204);
  const answer = await server.get(path, { "Last-Event-ID": String(all[0]?.id) });
  expect(answer.body.toString().match(/^id: /gm)).toHaveLength(all.length - 1);
});

test("events arrive as they happen", async () => {
  const { assetId, path } = await start(2, undefined);
  const reading = readEvents(url(path));
  await finishClip(server, assetId);
  expect((await reading).map(({ type }) => type)).toEqual(all.map(({ type }) => type));
});

describe("there is no stream", () => {
  const rows: [string, string, number, string][] = [
    ["for an unknown asset", `/v1/${server.proxyKey}/events/0000000000000000`, 404, "not found"],
    ["for what is no id", `/v1/${server.proxyKey}/events/..%2f..%2fetc`, 404, "not found"],
    ["for an empty id", `/v1/${server.proxyKey}/events/`, 404, "not found"],
    ["for a long id", `/v1/${server.proxyKey}/events/${"a".repeat(300)}`, 404, "not found"],
    ["by an unknown key", `/v1/pk_unknown/events/${ended.assetId}`, 403, "unknown project key"],
    ["by no key", `/v1/nokey/events/${ended.assetId}`, 403, "unknown project key"],
  ];
  test.each(rows)("%s [E12, E23, H20]", async (_name, path, status, error) => {
    const answer = await server.get(path);
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([status, { error }]);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
  });

  test("of another project's asset", async () => {
    await server.store.write(async (tx) => {
      const {
        proxy_key: _,
        id: __,
        ...row
      } = await tx.query.selectFrom("projects").selectAll().executeTakeFirstOrThrow();
      const other = { ...row, id: "proj_other", proxy_key: "pk_other" };
      await tx.query.insertInto("projects").values(other).execute();
    });
    expect((await server.get(`/v1/pk_other/events/${ended.assetId}`)).status).toBe(404);
  });
});

test("HEAD and OPTIONS open no stream", async () => {
  const { path } = await start(3, undefined);
  const head = await server.send({ method: "HEAD", path });
  expect([head.status, head.headers["content-type"]]).toEqual([200, "text/event-stream"]);
  const options = await server.send({ method: "OPTIONS", path });
  expect(options.status).toBe(204);
  expect(options.headers["access-control-allow-headers"]).toContain("Last-Event-ID");
  const post = await server.send({ method: "POST", path });
  expect(post.status).toBe(405);
  expect(post.headers["allow"]).toBe("GET, HEAD, OPTIONS");
  expect(server.http.streamCount()).toBe(0);
});

test("a server that closes ends its streams first [L03]", async () => {
  const closing = await openTestServer();
  const { headers } = await closing.get(closing.url("acme.com/a.png.mp4"));
  const path = `/v1/${closing.proxyKey}/events/${headers["x-motioness-asset-id"]}`;
  const answers = Array.from({ length: 20 }, () => fetch(`${closing.http.url}${path}`));
  const open = await Promise.all(answers);
  const texts = Promise.all(open.map((answer) => answer.text()));
  const startedMs = performance.now();
  await closing.http.close();
  for (const text of await texts) {
    expect(text).toContain("event: queued");
    expect(text.trimEnd()).toMatch(/retry: \d+$/);
  }
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
