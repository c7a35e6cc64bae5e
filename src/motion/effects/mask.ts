import type { Box } from "../../scene/plan.ts";

/** Where something is in the crop: rows of 0 to 1, the outermost samples on the crop's border. */
export interface Mask {
  readonly columns: number;
  readonly rows: number;
  /** Output pixels from one sample to the next. */
  readonly stepX: number;
  readonly stepY: number;
  readonly samples: Float32Array;
}

/** The least of a region that counts as inside. */
const insideMin = 0.5;

/** A mask of a size. @param sampleAt is given both axes of the crop, 0 to 1. */
export function createMask(
  shape: Omit<Mask, "samples">,
  sampleAt: (x: number, y: number) => number,
): Mask {
  const { columns, rows } = shape;
  const samples = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const y = row / (rows - 1);
    for (let column = 0; column < columns; column++)
      samples[row * columns + column] = sampleAt(column / (columns - 1), y);
  }
  return { ...shape, samples };
}

/** A place of the crop as one of the whole still. */
export function placeInStill(window: Box, x: number, y: number): readonly [x: number, y: number] {
  return [window.left + x * window.width, window.top + y * window.height];
}

/** Where both are. */
export function intersect(one: Mask, other: Mask): Mask {
  const samples = one.samples.map((sample, index) => Math.min(sample, other.samples[index] ?? 0));
  return { ...one, samples };
}

/**
 * Rises smoothly from 0 on the mask's edge to 1 at `reach` pixels inside, so that what moves inside
 * carries nothing of the outside along, whose edges would be seen to wobble.
 * @param closed sides of the crop that count as edges, too.
 */
export function rampInside(
  mask: Mask,
  reach: number,
  closed: { readonly sides: boolean; readonly ends: boolean },
): Mask {
  const distances = distancesInside(mask, closed);
  return { ...mask, samples: distances.map((distance) => smooth(distance / reach)) };
}

/** From 0 to 1 without a kink at either end. */
export function smooth(value: number): number {
  const inside = Math.min(1, Math.max(0, value));
  return inside * inside * (3 - 2 * inside);
}

/** Pixels to the nearest sample outside: a chamfer distance, within 8 % of the true one. */
function distancesInside(
  { columns, rows, stepX, stepY, samples }: Mask,
  closed: { readonly sides: boolean; readonly ends: boolean },
): Float32Array {
  const far = 1e6;
  const distances = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    if (closed.ends && (row === 0 || row === rows - 1)) continue;
    for (let column = 0; column < columns; column++) {
      if (closed.sides && (column === 0 || column === columns - 1)) continue;
      const index = row * columns + column;
      if ((samples[index] as number) >= insideMin) distances[index] = far;
    }
  }
  const last = columns * rows - 1;
  for (let index = 0; index <= last; index++) relax(distances, index, 1, { columns, stepX, stepY });
  for (let index = last; index >= 0; index--)
    relax(distances, index, -1, { columns, stepX, stepY });
  return distances;
}

/** Goes on from the neighbours that were gone through before, `ahead` of which are the next. */
function relax(
  distances: Float32Array,
  index: number,
  ahead: 1 | -1,
  { columns, stepX, stepY }: Pick<Mask, "columns" | "stepX" | "stepY">,
): void {
  let least = distances[index] as number;
  if (least === 0) return;
  const column = index % columns;
  const before = index - ahead * columns;
  const hasRow = before >= 0 && before < distances.length;
  const diagonal = Math.sqrt(stepX * stepX + stepY * stepY);
  if (column > 0) {
    if (ahead === 1) least = Math.min(least, (distances[index - 1] as number) + stepX);
    if (hasRow) least = Math.min(least, (distances[before - 1] as number) + diagonal);
  }
  if (column < columns - 1) {
    if (ahead === -1) least = Math.min(least, (distances[index + 1] as number) + stepX);
    if (hasRow) least = Math.min(least, (distances[before + 1] as number) + diagonal);
  }
  if (hasRow) least = Math.min(least, (distances[before] as number) + stepY);
  distances[index] = least;
}
