import { describe, expect, test } from "bun:test";
import type { Attempt } from "../../src/webhooks/attempt.ts";
import { createHandfuls, endpointsAtOnce, perEndpointMax } from "../../src/webhooks/handfuls.ts";

const attempt = (responseCode: number | null): Attempt => ({
  isDelivered: responseCode === 200,
  responseCode,
  responseBodyPreview: null,
  latencyMs: 1,
  failure: undefined,
});

describe("the messages that an endpoint is sent at once", () => {
  test("are one while it says nothing, and a handful when it answers", async () => {
    const handfuls = createHandfuls();
    const go = (code: number | null | undefined) =>
      handfuls.during("a", async () => (code === undefined ? undefined : attempt(code)));
    expect(handfuls.sizeFor("a")).toBe(perEndpointMax);
    await go(null);
    expect([handfuls.sizeFor("a"), handfuls.sizeFor("b")]).toEqual([1, perEndpointMax]);
    // Nothing was sent, so nothing is known.
    await go(undefined);
    expect(handfuls.sizeFor("a")).toBe(1);
    await go(500);
    expect(handfuls.sizeFor("a")).toBe(perEndpointMax);
  });

  test("stay below what the runtime sends at once, though every endpoint hangs", async () => {
    const handfuls = createHandfuls();
    const hung = Promise.withResolvers<Attempt>();
    const under: Promise<unknown>[] = [];
    for (let endpoint = 0; endpoint < endpointsAtOnce; endpoint++) {
      const size = handfuls.sizeFor(`${endpoint}`);
      for (let one = 0; one < size; one++) {
        under.push(handfuls.during(`${endpoint}`, () => hung.promise));
      }
    }
    expect(under.length).toBeLessThan(256);
    hung.resolve(attempt(200));
    await Promise.all(under);
    expect(handfuls.sizeFor("a")).toBe(perEndpointMax);
  });

  test("count no attempt that was called off", async () => {
    const handfuls = createHandfuls();
    const lost = handfuls.during("a", () => Promise.reject(new Error("stopped")));
    await expect(lost).rejects.toThrow("stopped");
    expect(handfuls.sizeFor("a")).toBe(perEndpointMax);
  });
});
