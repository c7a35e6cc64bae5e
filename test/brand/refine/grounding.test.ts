import { expect, test } from "bun:test";
import { createStands } from "../../../src/brand/refine/grounding.ts";

const stands = createStands(
  "“Our support queue is simply gone.” Maija Laine · From 29 $ a month, 1,000 events · ＦＵＬＬ",
);

test.each([
  ["our support  queue is — simply gone", true],
  ["“Our support queue…", true],
  ["full", true],
  ["Our support queue is gone", false],
  ["…", false],
  ["", false],
])("%p stands there as words: %p", (claimed, does) => {
  expect(stands.words(claimed)).toBe(does);
});

test.each([
  ["$29/month", true],
  ["29 a month for 1,000", true],
  ["$290", false],
  ["1000 events", false],
  ["29 or 39", false],
  ["Maija Laine", true],
  ["Free", false],
])("%p stands there with its numbers: %p", (claimed, does) => {
  expect(stands.numbers(claimed)).toBe(does);
});
