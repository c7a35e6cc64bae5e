import { describe, expect, test } from "bun:test";
import { percentiles, separate, stretch } from "../../../src/scene/field/histogram.ts";

const fieldOf = (samples: readonly number[]) => ({
  width: samples.length,
  height: 1,
  samples: Float32Array.from(samples),
});
const ramp = fieldOf(Array.from({ length: 1001 }, (_, index) => index / 500 - 1));

describe("percentiles", () => {
  test("are those of the sorted samples", () => {
    const [low, middle, high] = percentiles(ramp, [0.02, 0.5, 0.98]);
    expect(low).toBeCloseTo(-0.96, 2);
    expect(middle).toBeCloseTo(0, 2);
    expect(high).toBeCloseTo(0.96, 2);
  });

  test("of an even field are its value", () => {
    expect(percentiles(fieldOf([3, 3, 3]), [0.1, 0.9])).toEqual([3, 3]);
  });
});

test("stretch makes the given shares 0 and 1 and cuts off the rest", () => {
  const { samples } = stretch(ramp, 0.25, 0.75);
  expect([samples[0], samples[1000]]).toEqual([0, 1]);
  expect(samples[500]).toBeCloseTo(0.5, 2);
});

describe("separate", () => {
  test("is sure of two peaks, and finds the gap between them", () => {
    const peaks = Array.from({ length: 600 }, (_, index) => (index % 3 === 0 ? 0.8 : 0.1));
    const { share, threshold } = separate(fieldOf(peaks));
    expect(share).toBeGreaterThan(0.99);
    expect(threshold).toBeGreaterThan(0.1);
    expect(threshold).toBeLessThan(0.8);
  });

  test("is less so of an even spread, and not at all of one value", () => {
    const spread = Array.from({ length: 1000 }, (_, index) => index / 1000);
    expect(separate(fieldOf(spread)).share).toBeCloseTo(0.75, 1);
    expect(separate(fieldOf([0.4, 0.4, 0.4])).share).toBe(0);
  });
});
