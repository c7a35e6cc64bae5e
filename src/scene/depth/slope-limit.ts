import { boxMean } from "../field/box-mean.ts";
import type { Field } from "../field/field.ts";

/**
 * Lets near things grow outwards until no slope is steeper than `slopeMax` a sample: then nothing
 * folds when near and far part, and what is stretched is the ground behind them. Two chamfer
 * passes (Borgefors, 1986), then smoothed.
 */
export function limitSlope(field: Field, slopeMax: number): Field {
  const samples = field.samples.slice();
  const { width, height } = field;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) raise(samples, field, column, row, -1, slopeMax);
  }
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) {
      raise(samples, field, column, row, 1, slopeMax);
    }
  }
  return boxMean(boxMean({ width, height, samples }, 1), 1);
}

/** Raises a sample to what its neighbours on one side ask of it. */
function raise(
  samples: Float32Array,
  { width, height }: Pick<Field, "width" | "height">,
  column: number,
  row: number,
  side: 1 | -1,
  slopeMax: number,
): void {
  const index = row * width + column;
  const next = column + side;
  const hasNext = next >= 0 && next < width;
  let sample = samples[index] as number;
  if (hasNext) sample = Math.max(sample, (samples[index + side] as number) - slopeMax);
  const nextRow = row + side;
  if (nextRow >= 0 && nextRow < height) {
    const below = index + side * width;
    sample = Math.max(sample, (samples[below] as number) - slopeMax);
    const diagonal = slopeMax * Math.SQRT2;
    if (column > 0) sample = Math.max(sample, (samples[below - 1] as number) - diagonal);
    if (column < width - 1) sample = Math.max(sample, (samples[below + 1] as number) - diagonal);
  }
  samples[index] = sample;
}
