import { expect, test } from "bun:test";
import { tokenCostUsd } from "../../src/models/language-models.ts";

test.each([
  ["claude-haiku-5-5", 0.1, 0.5],
  ["claude-haiku-4-5-20251001", 1, 5],
  ["claude-sonnet-5-5", 2, 10],
  ["claude-sonnet-4-6", 3, 15],
  ["claude-opus-5-5", 4, 20],
  ["claude-opus-5", 5, 25],
])("a million tokens of %s cost %d in and %d out", (model, inputUsd, outputUsd) => {
  expect(tokenCostUsd(model, { input: 1_000_000, output: 0 })).toBe(inputUsd);
  expect(tokenCostUsd(model, { input: 0, output: 1_000_000 })).toBe(outputUsd);
});

test("a model without a known price costs as much as the dearest", () => {
  const tokens = { input: 1_000_000, output: 1_000_000 };
  expect(tokenCostUsd("somebody-elses", tokens)).toBe(90);
  expect(tokenCostUsd("claude-unheard-of", tokens)).toBe(90);
});
