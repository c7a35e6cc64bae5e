import { describe, expect, test } from "bun:test";
import { boxMean, smooth } from "../../../src/scene/field/box-mean.ts";
import { noiseBytes } from "../../support/noise.ts";

const [width, height] = [13, 9];
const field = {
  width,
  height,
  samples: Float32Array.from(noiseBytes(width * height, 4), (byte) => byte / 255),
};

function meanAround(x: number, y: number, radius: number): number {
  let [sum, count] = [0, 0];
  for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
    for (
      let column = Math.max(0, x - radius);
      column <= Math.min(width - 1, x + radius);
      column++
    ) {
      sum += field.samples[row * width + column] ?? 0;
      count += 1;
    }
  }
  return sum / count;
}

describe("boxMean", () => {
  test.each([0, 1, 3, 8, 40])("with radius %d is the mean of what there is around", (radius) => {
    const means = boxMean(field, radius);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        expect(means.samples[y * width + x]).toBeCloseTo(meanAround(x, y, radius), 5);
      }
    }
  });

  test("three of them leave an even field as it is", () => {
    const even = { width: 5, height: 4, samples: new Float32Array(20).fill(0.25) };
    expect([...smooth(even, 2).samples].every((sample) => Math.abs(sample - 0.25) < 1e-6)).toBe(
      true,
    );
  });
});
