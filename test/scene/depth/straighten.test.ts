import { expect, test } from "bun:test";
import { straighten } from "../../../src/scene/depth/straighten.ts";

const size = { width: 120, height: 80 };

/** A near wall before a far ground, its side at column 60. */
const wall = {
  ...size,
  samples: Float32Array.from({ length: 120 * 80 }, (_, index) => (index % 120 < 60 ? 0.8 : 0.1)),
};
const side = { fromX: 60, fromY: 10, toX: 60, toY: 70 };

test("without lines nothing changes", () => {
  expect(straighten(wall, [])).toBe(wall);
});

test("an edge is as near as what is in front of it", () => {
  const { samples } = straighten(wall, [side]);
  for (const row of [20, 40, 60]) expect(samples[row * 120 + 60]).toBeGreaterThan(0.55);
});

test("depth along a line changes evenly, whatever it was before", () => {
  const bumpy = { ...size, samples: wall.samples.map((_, index) => (index % 1700) / 1700) };
  const { samples } = straighten(bumpy, [side]);
  const along = [15, 30, 45, 60].map((row) => samples[row * 120 + 60] as number);
  const [first = 0, second = 0, third = 0, fourth = 0] = along;
  expect(second - first).toBeCloseTo(third - second, 2);
  expect(third - second).toBeCloseTo(fourth - third, 2);
});
