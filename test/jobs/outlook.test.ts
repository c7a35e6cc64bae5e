import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import { lookAhead } from "../../src/jobs/outlook.ts";
import { enqueue } from "../../src/jobs/queue.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { sqlitePlace } from "../support/stores.ts";

describe("the outlook of a runner", () => {
  let clock: ManualClock;
  let store: Store;
  beforeEach(async () => {
    clock = createManualClock();
    store = await (await sqlitePlace()).open(clock);
  });
  afterEach(() => store.close());

  const add = (kind: string, delayMs: number) =>
    store.write((tx) => enqueue(tx, { kind, subject: `${delayMs}`, delayMs }));

  test("an empty queue offers nothing, now or later", async () => {
    expect(await lookAhead(store, ["a", "b"], [])).toEqual({ due: [], nextInMs: undefined });
    expect(await lookAhead(store, [], [])).toEqual({ due: [], nextInMs: undefined });
  });

  test("names the kinds that are due, and the next moment of any", async () => {
    await add("a", 0);
    await add("a", 9000);
    await add("b", 4000);
    await add("other", 100);
    expect(await lookAhead(store, ["a", "b"], [])).toEqual({ due: ["a"], nextInMs: 4000 });
  });

  test("does not count what is being worked on", async () => {
    await add("a", 0);
    const { id } = await store.read.selectFrom("jobs").select("id").executeTakeFirstOrThrow();
    expect(await lookAhead(store, ["a"], [id])).toEqual({ due: [], nextInMs: undefined });
  });
});
