import { distanceToLines } from "./chamfer.ts";
import { clamp, mapField } from "./field.ts";
import type { Field } from "./scene.ts";
import type { StraightLine } from "./straight-lines.ts";

/** A line and this many samples on both sides lie wholly on the plane. */
const onPlane = 4;

/** Over this share of the field's width depth goes back to what it was. */
const fadeShare = 0.11;

/**
 * How much nearer the plane may be on one side of the picture than on the other. A vertical line
 * leans by what separates its ends, which a wall must hardly do; a horizontal one tilts.
 */
const acrossMax = 0.3;
const downMax = 0.22;

/** Depth as a plane: `base` in the field's middle, and its change over the whole field. */
interface Plane {
  readonly base: number;
  readonly across: number;
  readonly down: number;
}

/**
 * Lays all straight lines on one plane, so that they stay straight: what lies on a plane is moved
 * by an affine map. Away from lines depth remains what it was.
 */
export function straighten(field: Field, lines: readonly StraightLine[]): Field {
  if (lines.length === 0) return field;
  const { width, height } = field;
  const distance = distanceToLines(field, lines);
  const freedom = mapField(distance, (away) => {
    const share = clamp((away - onPlane) / (fadeShare * width));
    return share * share * (3 - 2 * share);
  });
  const plane = fitPlane(field, freedom);
  return mapField(field, (own, index) => {
    const x = (index % width) / width - 0.5;
    const y = Math.floor(index / width) / height - 0.5;
    const level = plane.base + plane.across * x + plane.down * y;
    return level + (own - level) * (freedom.samples[index] as number);
  });
}

/** The plane nearest to the depth on the lines, no steeper than is allowed. */
function fitPlane(field: Field, freedom: Field): Plane {
  const { width, height, samples } = field;
  const sums = { weight: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0, d: 0, dx: 0, dy: 0 };
  for (let index = 0; index < samples.length; index++) {
    const weight = 1 - (freedom.samples[index] as number);
    if (weight === 0) continue;
    const x = (index % width) / width - 0.5;
    const y = Math.floor(index / width) / height - 0.5;
    const depth = samples[index] as number;
    sums.weight += weight;
    sums.x += weight * x;
    sums.y += weight * y;
    sums.xx += weight * x * x;
    sums.yy += weight * y * y;
    sums.xy += weight * x * y;
    sums.d += weight * depth;
    sums.dx += weight * depth * x;
    sums.dy += weight * depth * y;
  }
  const [meanX, meanY, mean] = [sums.x, sums.y, sums.d].map((sum) => sum / sums.weight);
  return planeThrough(sums, meanX ?? 0, meanY ?? 0, mean ?? 0);
}

interface Moments {
  readonly weight: number;
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
  readonly dx: number;
  readonly dy: number;
}

/** Least squares with a little resistance to slopes that nothing supports. */
function planeThrough(sums: Moments, meanX: number, meanY: number, mean: number): Plane {
  const resistance = 0.004;
  const xx = sums.xx / sums.weight - meanX * meanX + resistance;
  const yy = sums.yy / sums.weight - meanY * meanY + resistance;
  const xy = sums.xy / sums.weight - meanX * meanY;
  const dx = sums.dx / sums.weight - mean * meanX;
  const dy = sums.dy / sums.weight - mean * meanY;
  const determinant = xx * yy - xy * xy;
  const across = clamp((dx * yy - dy * xy) / determinant, -acrossMax, acrossMax);
  const down = clamp((dy * xx - dx * xy) / determinant, -downMax, downMax);
  return { base: mean - across * meanX - down * meanY, across, down };
}
