import { afterEach, describe, expect, test } from "bun:test";
import { MotionessError } from "../../../packages/proxy-client/src/error.ts";
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
const refusal = (status: number, body: object) =>
  Response.json(body, { status, headers: { "Retry-After": "0", ...played } });
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
    await expect(wait()).rejects.toMatchObject({
      code: "source_unfetchable",
      message: "it is 404",
    });
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
    await expect(serve([limited]).wait()).rejects.toMatchObject(expected);
  });

  const silent: Answer = () =>
    new Response(new ReadableStream({ start: (body) => body.enqueue(": ping\n\n") }), {
      headers: { "Content-Type": "text/event-stream" },
    });

  test("asks again when a stream is open and says nothing, as behind a proxy that buffers", async () => {
    const { wait } = serve([pending, pending, ready], [silent, silent]);
    expect(await wait()).toMatchObject({ etag: '"1"' });
  });

  test("takes no page of a proxy in between for a stream", async () => {
    const page: Answer = () => new Response("<p>", { headers: { "Content-Type": "text/html" } });
    const { wait } = serve([pending, ready], [page]);
    expect(await wait()).toMatchObject({ etag: '"1"' });
  });

  test("waits on where a preview is answered", async () => {
    const preview: Answer = () =>
      new Response("x", {
        headers: { ...assetId, "X-Motioness-Preview": "1", "Retry-After": "0" },
      });
    const { wait } = serve([preview, ready], [stream(frame(1, "ready"))]);
    expect(await wait()).toMatchObject({ etag: '"1"' });
  });

  const passing: [string, Answer][] = [
    ["a busy server", () => refusal(503, { error: "busy" })],
    ["a rate limit", () => refusal(429, { error: "rate limited" })],
    ["a proxy in between that cannot reach the server", () => refusal(502, {})],
  ];
  for (const [name, answer] of passing) {
    test(`tries again after ${name}`, async () => {
      const { wait } = serve([answer, pending, answer, ready], [stream(frame(1, "ready"))]);
      expect(await wait()).toMatchObject({ etag: '"1"' });
    });
  }

  test("tries again after a network that was away, and says in the end that it is", async () => {
    let losses = 1;
    const { wait } = serve([ready]);
    const flaky = ((...request: Parameters<typeof fetch>) =>
      losses-- > 0 ? Promise.reject(new TypeError("no route")) : fetch(...request)) as typeof fetch;
    expect(await wait({ fetch: flaky })).toMatchObject({ etag: '"1"' });
    const busy: Answer = () => refusal(503, { error: "busy" });
    const away = serve(Array.from({ length: 9 }, () => busy)).wait();
    await expect(away).rejects.toMatchObject({ status: 503, message: "busy" });
  });

  test("throws at once what will not pass", async () => {
    const { wait } = serve([() => refusal(403, { error: "origin not in allowlist" })]);
    await expect(wait()).rejects.toMatchObject({ status: 403 });
    const used = serve([() => refusal(429, { error: "monthly limit reached" })]);
    await expect(used.wait()).rejects.toMatchObject({ status: 429 });
    const other = waitForAsset("https://cdn.acme.com/hero.png");
    await expect(other).rejects.toMatchObject({ code: "invalid_argument" });
  });

  test.each([
    new Error("a listener's own"),
    new MotionessError("a listener's own", { code: "network" }),
  ])("lets through what a listener throws: %s", async (own) => {
    const { wait } = serve([pending, ready], [stream(frame(1, "queued"), frame(2, "ready"))]);
    const onEvent = () => {
      throw own;
    };
    await expect(wait({ onEvent })).rejects.toBe(own);
  });

  test("gives up in time, and when it is told to", async () => {
    const many = (answer: Answer) => Array.from({ length: 20 }, () => answer);
    const late = serve(many(pending), many(silent)).wait({ timeoutMs: 250 });
    await expect(late).rejects.toMatchObject({ code: "timeout" });
    const controller = new AbortController();
    const waiting = serve(many(pending), many(silent)).wait({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const before = serve([ready]).wait({ signal: AbortSignal.abort(new Error("already")) });
    await expect(before).rejects.toThrow("already");
    // A signal that is a timeout itself knows better than we how long that was.
    const own = serve(many(pending), many(silent)).wait({ signal: AbortSignal.timeout(20) });
    await expect(own).rejects.toMatchObject({ constructor: DOMException, name: "TimeoutError" });
  });
});
