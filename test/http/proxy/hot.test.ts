import { describe, expect, test } from "bun:test";
import type { Topic } from "../../../src/db/store.ts";
import { type HotEntry, openHot } from "../../../src/http/proxy/hot.ts";
import { createRequestIds } from "../../../src/http/request/request-id.ts";

const url = "http://localhost/v1/pk_a/cdn.acme.com/a.png.mp4";

function open(options: { readonly isShared?: boolean } = {}) {
  const listeners = new Set<(topic: Topic | undefined) => void>();
  let nowMs = 1_000_000;
  const hot = openHot({
    store: {
      isShared: options.isShared ?? false,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock: { now: () => nowMs },
    requestIds: createRequestIds(1),
  });
  const emit = (topic: Topic | undefined) => {
    for (const listener of listeners) listener(topic);
  };
  const ask = (init?: RequestInit) => hot.answer(new Request(url, init));
  const remember = (changes: Partial<HotEntry> = {}) =>
    hot.read(async (reading) => reading.remember(url, { ...entry, ...changes }));
  return { hot, emit, ask, remember, listeners, pass: (ms: number) => (nowMs += ms) };
}

const entry: HotEntry = {
  assetId: "a25b330a71e2bc6b",
  project: { id: "proj_1" },
  expiresAtMs: Number.POSITIVE_INFINITY,
  answer: (_request, requestId) => new Response(requestId),
};

describe("a URL that was remembered", () => {
  test("is answered, with the caller's request id", async () => {
    const { ask, remember } = open();
    expect(ask()).toBeUndefined();
    await remember();
    const answer = await ask({ headers: { "X-Request-Id": "mine-1234" } });
    expect(await answer?.text()).toBe("mine-1234");
    expect(ask({ method: "HEAD" })).toBeDefined();
  });

  test.each<RequestInit>([
    { method: "POST" },
    { method: "OPTIONS" },
    { headers: { "Idempotency-Key": "variant-a" } },
  ])("is not what %j asks for", async (init) => {
    const { ask, remember } = open();
    await remember();
    expect(ask(init)).toBeUndefined();
  });

  test("is forgotten when its signature expires", async () => {
    const { ask, remember, pass } = open();
    await remember({ expiresAtMs: 1_000_100 });
    pass(100);
    expect(ask()).toBeDefined();
    pass(1);
    expect(ask()).toBeUndefined();
  });

  test("is believed for 15 seconds where other machines write too", async () => {
    const { ask, remember, pass } = open({ isShared: true });
    await remember();
    pass(15_000);
    expect(ask()).toBeDefined();
    pass(1);
    expect(ask()).toBeUndefined();
  });

  test("is counted", async () => {
    const { hot, ask, remember } = open();
    ask();
    await remember();
    ask();
    ask();
    expect(hot.counts()).toEqual({ hits: 2, misses: 1, entries: 1 });
  });
});

describe("a wake-up", () => {
  const rows: [Topic | undefined, boolean][] = [
    ["asset:a25b330a71e2bc6b", false],
    ["project:proj_1", false],
    [undefined, false],
    ["asset:0000000000000000", true],
    ["project:proj_2", true],
    ["jobs", true],
  ];
  test.each(rows)("for %s leaves the entry: %p", async (topic, isLeft) => {
    const { ask, remember, emit } = open();
    await remember();
    emit(topic);
    expect(ask() !== undefined).toBe(isLeft);
  });

  test.each(rows)("for %s during the look lets it be remembered: %p", async (topic, isLeft) => {
    const { hot, ask, emit } = open();
    await hot.read(async (reading) => {
      emit(topic);
      reading.remember(url, entry);
    });
    expect(ask() !== undefined).toBe(isLeft);
  });

  test("before a look has no bearing on it", async () => {
    const { ask, remember, emit } = open();
    emit("asset:a25b330a71e2bc6b");
    await remember();
    expect(ask()).toBeDefined();
  });
});

describe("a project's wake-up", () => {
  const other = `${url}?motion=kinetic`;
  const askOther = (hot: ReturnType<typeof open>["hot"]) => hot.answer(new Request(other));

  test("is settled for all its URLs by one look that finds it as it was", async () => {
    const { hot, emit, ask, remember } = open();
    await remember();
    await hot.read(async (reading) => reading.remember(other, { ...entry, assetId: "b" }));
    emit("project:proj_1");
    expect([ask(), askOther(hot)]).toEqual([undefined, undefined]);
    await remember();
    expect(ask()).toBeDefined();
    expect(askOther(hot)).toBeDefined();
  });

  test("forgets all its URLs when the look finds it changed", async () => {
    const { hot, emit, ask, remember } = open();
    const project = { id: "proj_1", allowedOrigins: ["https://acme.com"] };
    await remember({ project });
    await hot.read(async (reading) =>
      reading.remember(other, { ...entry, assetId: "b", project: { ...project } }),
    );
    emit("project:proj_1");
    await remember({ project: { ...project, allowedOrigins: [] } as typeof project });
    expect(ask()).toBeDefined();
    expect(askOther(hot)).toBeUndefined();
  });
});

test("a closed memo listens to nothing", () => {
  const { hot, listeners } = open();
  hot.close();
  expect(listeners.size).toBe(0);
});
