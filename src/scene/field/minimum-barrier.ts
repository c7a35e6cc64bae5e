import { createField, type Field } from "./field.ts";

/** Raster passes, there and back and there; more change little. */
const passes = 3;

/** Of the sides, this much from the top counts as background; a subject may stand on the edge. */
const sideShare = 0.75;

/** Further than any barrier can be. */
const unreached = 1e9;

/** The cheapest way to each sample that was found: its barrier and the values that make it. */
interface Paths {
  readonly distance: Float32Array;
  readonly highest: Float32Array;
  readonly lowest: Float32Array;
}

/**
 * How high a barrier lies between each sample and the upper edges of the field: the least span of
 * values on any way there. Zhang, Sclaroff et al.: Minimum barrier salient object detection at
 * 80 fps, 2015.
 */
export function barrierDistance(field: Field): Field {
  const distance = createField(field);
  const paths: Paths = {
    distance: distance.samples.fill(unreached),
    highest: field.samples.slice(),
    lowest: field.samples.slice(),
  };
  seedEdges(paths, field);
  for (let pass = 0; pass < passes; pass++) {
    if (pass % 2 === 0) sweepDown(paths, field);
    else sweepUp(paths, field);
  }
  return distance;
}

function seedEdges({ distance }: Paths, { width, height }: Field): void {
  distance.fill(0, 0, width);
  for (let row = 0; row < height * sideShare; row++) {
    distance[row * width] = 0;
    distance[(row + 1) * width - 1] = 0;
  }
}

function sweepDown(paths: Paths, { width, height, samples }: Field): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const index = row * width + column;
      if (row > 0) relax(paths, samples, index, index - width);
      if (column > 0) relax(paths, samples, index, index - 1);
    }
  }
}

function sweepUp(paths: Paths, { width, height, samples }: Field): void {
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) {
      const index = row * width + column;
      if (row < height - 1) relax(paths, samples, index, index + width);
      if (column < width - 1) relax(paths, samples, index, index + 1);
    }
  }
}

/** Goes by way of a neighbour where that is cheaper. */
function relax(paths: Paths, samples: Float32Array, index: number, neighbour: number): void {
  const sample = samples[index] as number;
  const high = paths.highest[neighbour] as number;
  const low = paths.lowest[neighbour] as number;
  const highest = Math.max(high, sample);
  const lowest = Math.min(low, sample);
  if (highest - lowest >= (paths.distance[index] as number)) return;
  paths.distance[index] = highest - lowest;
  paths.highest[index] = highest;
  paths.lowest[index] = lowest;
}
