import { describe, expect, test } from "bun:test";
import { structuralSimilarity } from "../../src/loop/similarity.ts";
import { noiseBytes } from "../support/noise.ts";

const size = { width: 23, height: 17 };
const first = noiseBytes(size.width * size.height, 1);
/** Alike, but not equal. */
const second = first.map((level, index) => Math.min(255, (level * 3 + index) / 4 + 20));

/** The definition, window by window, with the borders mirrored. */
function byDefinition(a: Uint8Array, b: Uint8Array): number {
  const { width, height } = size;
  const inside = (at: number, side: number) =>
    at < 0 ? -at - 1 : at < side ? at : 2 * side - 1 - at;
  let total = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const places: number[] = [];
      for (let down = -3; down <= 3; down++) {
        for (let across = -3; across <= 3; across++) {
          places.push(inside(row + down, height) * width + inside(column + across, width));
        }
      }
      total += ofWindow(
        places.map((at) => a[at] ?? 0),
        places.map((at) => b[at] ?? 0),
      );
    }
  }
  return total / (width * height);
}

function ofWindow(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const varianceA = mean(a.map((value) => (value - meanA) ** 2));
  const varianceB = mean(b.map((value) => (value - meanB) ** 2));
  const covariance = mean(a.map((value, at) => (value - meanA) * ((b[at] ?? 0) - meanB)));
  return (
    ((2 * meanA * meanB + 2.55 ** 2) * (2 * covariance + 7.65 ** 2)) /
    ((meanA ** 2 + meanB ** 2 + 2.55 ** 2) * (varianceA + varianceB + 7.65 ** 2))
  );
}

describe("structural similarity", () => {
  test("is what its definition says, also at the borders", () => {
    expect(structuralSimilarity(first, second, size)).toBeCloseTo(byDefinition(first, second), 10);
    expect(structuralSimilarity(first, second, size)).toBeWithin(0.2, 0.99);
  });

  test("of a plane and itself is 1, whatever is in it", () => {
    for (const plane of [first, second, new Uint8Array(first.length)]) {
      expect(structuralSimilarity(plane, plane, size)).toBeCloseTo(1, 12);
    }
  });

  test("is the same both ways, and less the more is changed", () => {
    expect(structuralSimilarity(first, second, size)).toBe(
      structuralSimilarity(second, first, size),
    );
    const inverse = first.map((level) => 255 - level);
    expect(structuralSimilarity(first, inverse, size)).toBeLessThan(0);
  });

  test("of planes of the smallest size", () => {
    const smallest = { width: 7, height: 7 };
    expect(
      structuralSimilarity(first.subarray(0, 49), first.subarray(0, 49), smallest),
    ).toBeCloseTo(1);
  });
});
