import { expect, test } from "bun:test";
import { createTimeSlice } from "../../../src/db/sqlite/time-slice.ts";

test("a row of synchronous work lets the event loop turn once its slice is used up", async () => {
  const slice = createTimeSlice(2);
  let turns = 0;
  let isWorking = true;
  const count = () => {
    turns += 1;
    if (isWorking) setImmediate(count);
  };
  setImmediate(count);
  for (let piece = 0; piece < 10; piece++) {
    await slice.rest();
    const untilMs = performance.now() + 3;
    while (performance.now() < untilMs);
  }
  isWorking = false;
  expect(turns).toBeGreaterThanOrEqual(8);
});

test("a slice that is young costs no turn of the loop", async () => {
  const slice = createTimeSlice(10_000);
  let hasTurned = false;
  setImmediate(() => {
    hasTurned = true;
  });
  for (let piece = 0; piece < 1000; piece++) await slice.rest();
  expect(hasTurned).toBe(false);
});
