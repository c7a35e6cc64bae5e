import { createField, type Field } from "./field.ts";

/**
 * The mean of the square of `2 * radius + 1` samples around each; at the edges, of those that
 * there are. Running sums: its time does not depend on the radius.
 */
export function boxMean(field: Field, radius: number): Field {
  return meanDown(meanAcross(field, radius), radius);
}

/** Three box means in a row: close to a Gaussian. */
export function smooth(field: Field, radius: number): Field {
  return boxMean(boxMean(boxMean(field, radius), radius), radius);
}

function meanAcross(field: Field, radius: number): Field {
  const { width, height, samples } = field;
  const means = createField(field);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    let sum = 0;
    for (let x = 0; x < Math.min(radius, width); x++) sum += samples[start + x] as number;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += samples[start + x + radius] as number;
      if (x - radius > 0) sum -= samples[start + x - radius - 1] as number;
      means.samples[start + x] = sum / countAround(x, radius, width);
    }
  }
  return means;
}

/** All columns together, row by row, which is how the samples lie in memory. */
function meanDown(field: Field, radius: number): Field {
  const { width, height, samples } = field;
  const means = createField(field);
  const sums = new Float64Array(width);
  const add = (row: number, sign: 1 | -1) => {
    const start = row * width;
    for (let x = 0; x < width; x++) {
      sums[x] = (sums[x] as number) + sign * (samples[start + x] as number);
    }
  };
  for (let row = 0; row < Math.min(radius, height); row++) add(row, 1);
  for (let row = 0; row < height; row++) {
    if (row + radius < height) add(row + radius, 1);
    if (row - radius > 0) add(row - radius - 1, -1);
    const share = 1 / countAround(row, radius, height);
    const start = row * width;
    for (let x = 0; x < width; x++) means.samples[start + x] = (sums[x] as number) * share;
  }
  return means;
}

function countAround(at: number, radius: number, size: number): number {
  return Math.min(at + radius, size - 1) - Math.max(at - radius, 0) + 1;
}
