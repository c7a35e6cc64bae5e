import type { Channels } from "../field/channels.ts";
import type { Field } from "../field/field.ts";
import { extendLine, type Gradient } from "./extend-line.ts";
import type { StraightLine } from "./line.ts";

/** The least change of brightness or colour over two samples that is an edge. */
const contrastMin = 0.03;

/** How far directions may differ from that of the line they belong to. */
const toleranceCosine = Math.cos(Math.PI / 8);

/** A line is at least this long, in shares of the root of the field's area, and so much thinner. */
const lengthShareMin = 0.12;
const thicknessMax = 2.5;
const thicknessShareMax = 0.07;

/**
 * The edges of walls, windows and boards are upright, and shorter ones are seen to lean: this much
 * of the length is enough for a line that is within four degrees of it.
 */
const uprightShare = 0.5;
const uprightSlopeMax = 0.07;

/** At most so many, the longest ones. */
const linesMax = 300;

/**
 * The long straight edges of a picture: connected samples whose brightness changes in one
 * direction, when they lie on a line. After Grompone von Gioi et al.: LSD: A line segment
 * detector, 2012, with a bound on the thickness in place of its statistics.
 */
export function findStraightLines(channels: Channels): readonly StraightLine[] {
  const gradient = gradientOf(channels);
  const isTaken = new Uint8Array(channels.luma.samples.length);
  const lengthMin = lengthShareMin * Math.sqrt(channels.width * channels.height);
  const lines: (StraightLine & { readonly length: number })[] = [];
  for (const seed of strongestFirst(gradient.strength)) {
    if (isTaken[seed] === 1) continue;
    const region = growRegion(gradient, isTaken, seed);
    if (region.length < uprightShare * lengthMin) continue;
    const line = lineThrough(gradient, region);
    const thickness = Math.max(thicknessMax, thicknessShareMax * line.length);
    const enough = isUpright(line) ? uprightShare * lengthMin : lengthMin;
    if (line.length < enough || line.thickness > thickness) continue;
    if (!runsAlongBorder(line, channels)) lines.push(line);
  }
  return lines
    .sort((first, second) => second.length - first.length)
    .slice(0, linesMax)
    .map((line) => extendLine(gradient, line));
}

/** How near the picture's border an edge is that belongs to the paper, and not to what is on it. */
const borderSamples = 2.5;

function runsAlongBorder(
  { fromX, fromY, toX, toY }: StraightLine,
  { width, height }: Pick<Field, "width" | "height">,
): boolean {
  const isNear = (one: number, other: number, last: number) =>
    Math.max(one, other) <= borderSamples || Math.min(one, other) >= last - borderSamples;
  return isNear(fromX, toX, width - 1) || isNear(fromY, toY, height - 1);
}

function isUpright({ fromX, fromY, toX, toY }: StraightLine): boolean {
  return Math.abs(toX - fromX) <= uprightSlopeMax * Math.abs(toY - fromY);
}

/** Of the channel that changes most at each place: a wall may be as bright as the sky. */
function gradientOf({ width, height, luma, redGreen, yellowBlue }: Channels): Gradient {
  const count = width * height;
  const gradient: Gradient = {
    width,
    strength: new Float32Array(count),
    x: new Float32Array(count),
    y: new Float32Array(count),
  };
  for (const channel of [luma, redGreen, yellowBlue]) takeStronger(gradient, channel);
  return gradient;
}

function takeStronger(gradient: Gradient, { width, height, samples }: Field): void {
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const index = row * width + column;
      const across = (samples[index + 1] as number) - (samples[index - 1] as number);
      const down = (samples[index + width] as number) - (samples[index - width] as number);
      const length = Math.sqrt(across * across + down * down);
      if (length < contrastMin || length <= (gradient.strength[index] as number)) continue;
      gradient.strength[index] = length;
      gradient.x[index] = across / length;
      gradient.y[index] = down / length;
    }
  }
}

/** Buckets are enough: the order only decides from where a line is first seen. */
function strongestFirst(strength: Float32Array): Uint32Array {
  const buckets = 64;
  const bucketOf = (value: number) => Math.min(buckets - 1, Math.floor(value * buckets));
  const starts = new Uint32Array(buckets + 1);
  for (const value of strength) {
    if (value === 0) continue;
    const bucket = bucketOf(value);
    starts[bucket] = (starts[bucket] as number) + 1;
  }
  let start = 0;
  for (let bucket = buckets - 1; bucket >= 0; bucket--) {
    const count = starts[bucket] as number;
    starts[bucket] = start;
    start += count;
  }
  const order = new Uint32Array(start);
  for (const [index, value] of strength.entries()) {
    if (value === 0) continue;
    const bucket = bucketOf(value);
    order[starts[bucket] as number] = index;
    starts[bucket] = (starts[bucket] as number) + 1;
  }
  return order;
}

/** All samples connected to the seed whose direction is that of the region so far. */
function growRegion(gradient: Gradient, isTaken: Uint8Array, seed: number): readonly number[] {
  const { width, strength, x, y } = gradient;
  const region = [seed];
  isTaken[seed] = 1;
  let [sumX, sumY] = [x[seed] as number, y[seed] as number];
  for (let at = 0; at < region.length; at++) {
    const centre = region[at] as number;
    for (let down = -width; down <= width; down += width) {
      for (let across = -1; across <= 1; across++) {
        const index = centre + down + across;
        // The outermost samples have no gradient, so that no neighbour lies outside.
        if (isTaken[index] !== 0 || strength[index] === 0) continue;
        const along = (x[index] as number) * sumX + (y[index] as number) * sumY;
        if (along < toleranceCosine * Math.hypot(sumX, sumY)) continue;
        isTaken[index] = 1;
        sumX += x[index] as number;
        sumY += y[index] as number;
        region.push(index);
      }
    }
  }
  return region;
}

/** The line along which the region's samples lie, weighed by their strength. */
function lineThrough({ width, strength }: Gradient, region: readonly number[]) {
  let [total, sumX, sumY, squareX, squareY, product] = [0, 0, 0, 0, 0, 0];
  for (const index of region) {
    const weight = strength[index] as number;
    const [x, y] = [index % width, Math.floor(index / width)];
    total += weight;
    sumX += weight * x;
    sumY += weight * y;
    squareX += weight * x * x;
    squareY += weight * y * y;
    product += weight * x * y;
  }
  const [meanX, meanY] = [sumX / total, sumY / total];
  const spreadX = squareX / total - meanX * meanX;
  const spreadY = squareY / total - meanY * meanY;
  const covariance = product / total - meanX * meanY;
  const angle = 0.5 * Math.atan2(2 * covariance, spreadX - spreadY);
  const half = (spreadX + spreadY) / 2;
  const root = Math.hypot((spreadX - spreadY) / 2, covariance);
  // The sides of an even rectangle with these variances: a few strays do not make it thick.
  const length = Math.sqrt(12 * (half + root));
  const thickness = Math.sqrt(12 * Math.max(0, half - root));
  const [reachX, reachY] = [(length / 2) * Math.cos(angle), (length / 2) * Math.sin(angle)];
  return {
    fromX: meanX - reachX,
    fromY: meanY - reachY,
    toX: meanX + reachX,
    toY: meanY + reachY,
    length,
    thickness,
  };
}
