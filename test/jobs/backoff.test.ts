import { describe, expect, test } from "bun:test";
import { retryDelayMs, stageDelaysMs, webhookDelaysMs } from "../../src/jobs/backoff.ts";

const minute = 60_000;

describe("backoff [J06]", () => {
  test("a stage has three attempts: at once, after 1 s, after 4 s", () => {
    expect(stageDelaysMs[0]).toBe(0);
    expect([1, 2, 3].map((failures) => retryDelayMs(stageDelaysMs, failures))).toEqual([
      1000,
      4000,
      undefined,
    ]);
  });

  test("a webhook has six: at once, then after 30 s, 2 m, 10 m, 30 m and 2 h", () => {
    const delays = [1, 2, 3, 4, 5, 6].map((failures) => retryDelayMs(webhookDelaysMs, failures));
    expect(delays).toEqual([
      minute / 2,
      2 * minute,
      10 * minute,
      30 * minute,
      120 * minute,
      undefined,
    ]);
  });

  for (const [random, expected] of [
    [0, 96_000],
    [0.5, 120_000],
    [0.999999, 144_000],
  ] as const) {
    test(`jitter is 20 % either way (random ${random})`, () => {
      expect(retryDelayMs(webhookDelaysMs, 2, 0, () => random)).toBe(expected);
    });
  }

  test("the longer of the backoff and what was asked for counts, jitter or not", () => {
    expect(retryDelayMs(stageDelaysMs, 1, 30_000)).toBe(30_000);
    expect(retryDelayMs(stageDelaysMs, 2, 500)).toBe(4000);
    expect(retryDelayMs(webhookDelaysMs, 1, 30_000, () => 0)).toBe(30_000);
  });

  test("attempts that are spent stay spent, whatever was asked for", () => {
    expect(retryDelayMs(stageDelaysMs, 3, 60_000)).toBeUndefined();
  });
});
