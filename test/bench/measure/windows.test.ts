import { describe, expect, test } from "bun:test";
import {
  compare,
  isClean,
  median,
  percentile,
  type Round,
  type Window,
  windowOf,
} from "../../../bench/measure/windows.ts";

const before = { atMs: 1_000, busyMs: 500, serverMs: 100, clientMs: 200 };

describe("windows", () => {
  test.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])("the median of %p is %p", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test("nothing has no median", () => {
    expect(median([])).toBeNaN();
    expect(percentile([], 0.99)).toBeNaN();
  });

  test("the 99th percentile is a value that was measured", () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test("a window in which others took more than 15 % of a core is not clean", () => {
    const after = { atMs: 2_000, busyMs: 2_400, serverMs: 1_000, clientMs: 1_050 };
    expect(isClean(before, after)).toBe(true);
    expect(isClean(before, { ...after, busyMs: 2_402 })).toBe(false);
  });

  test("a window says requests a second and processor time a request", () => {
    const after = { atMs: 3_000, busyMs: 3_000, serverMs: 1_900, clientMs: 800 };
    expect(windowOf(before, after, { requests: 9_000, p50Ms: 1, p99Ms: 2 })).toEqual({
      requestsPerSecond: 4_500,
      serverUsPerRequest: 200,
      totalUsPerRequest: (2_400 * 1000) / 9_000,
      serverCores: 0.9,
      p50Ms: 1,
      p99Ms: 2,
      p999Ms: undefined,
      slowestMs: undefined,
    });
  });

  test("a ratio is taken within each round, and its median is the figure", () => {
    const rounds = [
      [100, 110],
      [200, 150],
      [50, 60],
    ].map(([anchor = 0, ours = 0]) => roundOf({ anchor, ours }));
    const names = { anchor: "anchor", ours: "ours" };
    expect(compare(rounds, names, (window) => window.requestsPerSecond)).toEqual({
      anchor: 100,
      ours: 110,
      ratio: 1.1,
    });
  });

  test("without a clean round there is no ratio", () => {
    const names = { anchor: "anchor", ours: "ours" };
    expect(compare([], names, (window) => window.p99Ms).ratio).toBeNaN();
  });
});

function roundOf(requestsPerSecond: Readonly<Record<string, number>>): Round {
  const windows = Object.entries(requestsPerSecond).map(([name, value]): [string, Window] => [
    name,
    {
      requestsPerSecond: value,
      serverUsPerRequest: 1,
      totalUsPerRequest: 2,
      serverCores: 1,
      p50Ms: undefined,
      p99Ms: undefined,
      p999Ms: undefined,
      slowestMs: undefined,
    },
  ]);
  return new Map(windows);
}
