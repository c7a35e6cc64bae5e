import { expect, test } from "bun:test";
import { createByteBudget } from "../../../src/http/answer/byte-budget.ts";

test("the least recently used goes first", () => {
  const budget = createByteBudget<string>({ bytesMax: 10, entriesMax: 10 });
  budget.set("a", "A", 4);
  budget.set("b", "B", 4);
  expect(budget.get("a")).toBe("A");
  budget.set("c", "C", 4);
  expect(["a", "b", "c"].map(budget.get)).toEqual(["A", undefined, "C"]);
  expect(budget.bytesHeld()).toBe(8);
});

test("a value that is replaced or deleted gives its bytes back", () => {
  const budget = createByteBudget<string>({ bytesMax: 10, entriesMax: 10 });
  budget.set("a", "A", 4);
  budget.set("a", "A2", 6);
  expect(budget.bytesHeld()).toBe(6);
  budget.delete("a");
  budget.delete("a");
  expect(budget.bytesHeld()).toBe(0);
});

test("the newest stays, even when it alone is too large", () => {
  const budget = createByteBudget<string>({ bytesMax: 10, entriesMax: 10 });
  budget.set("a", "A", 4);
  budget.set("b", "B", 40);
  expect(["a", "b"].map(budget.get)).toEqual([undefined, "B"]);
});

test("values that cost nothing are limited in number", () => {
  const budget = createByteBudget<string>({ bytesMax: 10, entriesMax: 2 });
  for (const key of ["a", "b", "c"]) budget.set(key, key, 0);
  expect(["a", "b", "c"].map(budget.get)).toEqual([undefined, "b", "c"]);
});
