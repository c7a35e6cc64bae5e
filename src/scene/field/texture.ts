import { boxMean } from "./box-mean.ts";
import { createField, type Field } from "./field.ts";

/** How much brightness changes around each sample, in levels of 0 to 1 over two samples. */
export interface Texture {
  /** From left to right. */
  readonly across: Field;
  /** From top to bottom. */
  readonly down: Field;
}

/** Mean differences of the square of `2 * radius + 1` samples around each. */
export function findTexture(luma: Field, radius: number): Texture {
  const { width, height, samples } = luma;
  const across = createField(luma);
  const down = createField(luma);
  for (let row = 0; row < height; row++) {
    const [above, below] = [Math.max(0, row - 1), Math.min(height - 1, row + 1)];
    for (let column = 0; column < width; column++) {
      const [left, right] = [Math.max(0, column - 1), Math.min(width - 1, column + 1)];
      const index = row * width + column;
      across.samples[index] = Math.abs(
        (samples[row * width + right] as number) - (samples[row * width + left] as number),
      );
      down.samples[index] = Math.abs(
        (samples[below * width + column] as number) - (samples[above * width + column] as number),
      );
    }
  }
  return { across: boxMean(across, radius), down: boxMean(down, radius) };
}
