/** A number for every part of a picture, in rows; 0 to 1 unless said otherwise. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array;
}

/** A field of the given size, 0 everywhere. */
export function createField({ width, height }: Pick<Field, "width" | "height">): Field {
  return { width, height, samples: new Float32Array(width * height) };
}

/** Another field of the same size, each sample made from the one at its place. */
export function mapField(field: Field, map: (sample: number, index: number) => number): Field {
  const mapped = createField(field);
  for (let index = 0; index < field.samples.length; index++) {
    mapped.samples[index] = map(field.samples[index] as number, index);
  }
  return mapped;
}

/** The mean of all samples. */
export function meanOf({ samples }: Field): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index] as number;
  return sum / Math.max(1, samples.length);
}

/** Between the four nearest samples of a place, both axes 0 to 1 of the field. */
export function sampleField({ width, height, samples }: Field, x: number, y: number): number {
  const inX = clamp(x * width - 0.5, 0, width - 1);
  const inY = clamp(y * height - 0.5, 0, height - 1);
  const left = Math.min(Math.floor(inX), Math.max(0, width - 2));
  const top = Math.min(Math.floor(inY), Math.max(0, height - 2));
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [weightX, weightY] = [inX - left, inY - top];
  const at = (column: number, row: number) => samples[row * width + column] as number;
  const above = at(left, top) * (1 - weightX) + at(right, top) * weightX;
  const below = at(left, bottom) * (1 - weightX) + at(right, bottom) * weightX;
  return above * (1 - weightY) + below * weightY;
}

/** A number kept within bounds; 0 to 1 when none are given. */
export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}
