import { expect, test } from "bun:test";
import { createGate } from "../../public/gate.ts";

test("no more work runs at once than there are places, in the order it came", async () => {
  const gate = createGate(2);
  const started: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const runs = ends.map(({ promise }, index) =>
    gate.run(() => {
      started.push(index);
      return promise;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  ends[1]?.resolve();
  await runs[1];
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(runs);
  expect(started).toEqual([0, 1, 2, 3]);
});

test("work that fails gives its place back", async () => {
  const gate = createGate(1);
  await expect(gate.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.run(() => Promise.resolve(7))).toBe(7);
});
