import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import { type Hub, openHub } from "../../src/events/hub.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { sqlitePlace } from "../support/stores.ts";

const scope = { assetId: "1" };

describe("the hub", () => {
  let clock: ManualClock;
  let store: Store;
  let hub: Hub;
  beforeEach(async () => {
    clock = createManualClock();
    store = await (await sqlitePlace()).open(clock);
    hub = openHub({ store, clock });
  });
  afterEach(async () => {
    hub.close();
    await store.close();
  });
  const wake = (topic: "asset:1" | "asset:2" | "project:1") =>
    store.write(async (tx) => tx.wake(topic));

  test("wakes those who follow what was written, and nobody else", async () => {
    const woken: string[] = [];
    hub.join(scope, () => woken.push("asset 1"));
    const leave = hub.join(scope, () => woken.push("asset 1 too"));
    hub.join({ projectId: "1" }, () => woken.push("project 1"));
    await wake("asset:1");
    leave();
    await wake("asset:2");
    await wake("project:1");
    await wake("asset:1");
    expect(woken).toEqual(["asset 1", "asset 1 too", "project 1", "asset 1"]);
  });

  test("what many ask for at once is loaded once, until something is written", async () => {
    hub.join(scope, () => {});
    let loads = 0;
    const load = async () => ++loads;
    const ask = () => hub.share(scope, "key", load);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    await wake("asset:1");
    expect(await ask()).toBe(2);
    expect(await hub.share(scope, "other key", load)).toBe(3);
    clock.advance(1001);
    expect(await ask()).toBe(4);
  });

  test("what was being loaded when something was written is not given to who asks after", async () => {
    hub.join(scope, () => {});
    const slow = Promise.withResolvers<string>();
    const before = hub.share(scope, "key", () => slow.promise);
    await wake("asset:1");
    const after = hub.share(scope, "key", async () => "new");
    slow.resolve("old");
    expect(await Promise.all([before, after])).toEqual(["old", "new"]);
  });

  test("a load that fails is not remembered", async () => {
    hub.join(scope, () => {});
    const failing = hub.share(scope, "key", async () => {
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await hub.share(scope, "key", async () => "fine")).toBe("fine");
  });

  test("remembers only so many places of one scope", async () => {
    hub.join(scope, () => {});
    for (let key = 0; key < 100; key++) await hub.share(scope, String(key), async () => "first");
    expect(await hub.share(scope, "0", async () => "second")).toBe("second");
    expect(await hub.share(scope, "99", async () => "second")).toBe("first");
  });
});
