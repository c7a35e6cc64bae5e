import { describe, expect, test } from "bun:test";
import {
  createMask,
  intersect,
  placeInStill,
  rampInside,
  smooth,
} from "../../../src/motion/effects/mask.ts";

const shape = { columns: 41, rows: 21, stepX: 5, stepY: 5 };
const open = { sides: false, ends: false };
const inBox = createMask(shape, (x, y) => (x > 0.24 && x < 0.76 && y > 0.24 && y < 0.76 ? 1 : 0));
const full = createMask(shape, () => 1);

const at = (mask: typeof inBox, column: number, row: number) =>
  mask.samples[row * mask.columns + column] ?? Number.NaN;

describe("a ramp inside a mask", () => {
  const ramp = rampInside(inBox, 20, open);

  test("is 0 outside, 1 from its reach on, and half at half its reach", () => {
    expect(at(ramp, 5, 10)).toBe(0);
    expect(at(ramp, 20, 10)).toBe(1);
    // Column 9 is the last outside: column 11 lies 10 pixels from it.
    expect(at(ramp, 11, 10)).toBeCloseTo(0.5, 5);
  });

  test("rises evenly, with no kink at either end", () => {
    const values = Array.from({ length: 41 }, (_, column) =>
      at(rampInside(inBox, 40, open), column, 10),
    );
    const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
    expect(Math.max(...steps.map(Math.abs))).toBeLessThan(0.2);
  });

  test("takes the crop's border for an edge only on the sides asked for", () => {
    expect(rampInside(full, 20, open).samples.every((value) => value === 1)).toBe(true);
    const sides = rampInside(full, 20, { sides: true, ends: false });
    expect([at(sides, 0, 10), at(sides, 20, 0), at(sides, 40, 10)]).toEqual([0, 1, 0]);
    const ends = rampInside(full, 20, { sides: false, ends: true });
    expect([at(ends, 0, 10), at(ends, 20, 0), at(ends, 20, 20)]).toEqual([1, 0, 0]);
  });

  test("is within 8 % of the true distance in every direction", () => {
    const point = createMask(shape, (x, y) => (x === 0.5 && y === 0.5 ? 0 : 1));
    const reach = 300;
    const ramp = rampInside(point, reach, open);
    for (const [column, row] of [
      [30, 10],
      [20, 17],
      [27, 17],
      [10, 6],
      [2, 1],
    ] as const) {
      const distance = 5 * Math.hypot(column - 20, row - 10);
      const value = at(ramp, column, row);
      expect(value).toBeGreaterThanOrEqual(smooth((0.92 * distance) / reach));
      expect(value).toBeLessThanOrEqual(smooth((1.09 * distance) / reach));
    }
  });
});

test("two masks meet where both are", () => {
  const left = createMask(shape, (x) => (x < 0.5 ? 0.8 : 0));
  const both = intersect(inBox, left);
  expect(
    [at(both, 15, 10), at(both, 25, 10), at(both, 2, 10)].map((value) => value.toFixed(1)),
  ).toEqual(["0.8", "0.0", "0.0"]);
});

test("a place of a crop is found in its still", () => {
  const window = { left: 0.25, top: 0.5, width: 0.5, height: 0.25 };
  expect(placeInStill(window, 0, 0)).toEqual([0.25, 0.5]);
  expect(placeInStill(window, 1, 1)).toEqual([0.75, 0.75]);
});
