import { clamp, type Field } from "../field/field.ts";

/** Depth as a plane: `base` in the field's middle, and its change over the whole field. */
export interface Plane {
  readonly base: number;
  readonly across: number;
  readonly down: number;
}

/**
 * How much nearer a plane may be on one side of the picture than on the other. A vertical line
 * leans by what separates its ends, which a wall must hardly do; a horizontal one tilts.
 */
const acrossMax = 0.3;
const downMax = 0.22;

/** Resists slopes that only a small part of the picture supports. */
const resistance = 0.004;

/** The value of a plane at a sample of a field of this size. */
export function planeAt(
  plane: Plane,
  { width, height }: Pick<Field, "width" | "height">,
  index: number,
): number {
  const [x, y] = [(index % width) / width - 0.5, Math.floor(index / width) / height - 0.5];
  return plane.base + plane.across * x + plane.down * y;
}

/**
 * The plane nearest to some samples of a field, by least squares, though no steeper than a scene's
 * upright things can bear.
 * @param weightAt how much a sample counts.
 */
export function fitPlane(
  field: Field,
  indexes: Iterable<number>,
  weightAt: (index: number) => number,
): Plane {
  const { width, height, samples } = field;
  let [total, sumX, sumY, sum, xx, yy, xy, dx, dy] = [1e-9, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const index of indexes) {
    const weight = weightAt(index);
    const [x, y] = [(index % width) / width - 0.5, Math.floor(index / width) / height - 0.5];
    const depth = samples[index] as number;
    total += weight;
    sumX += weight * x;
    sumY += weight * y;
    sum += weight * depth;
    xx += weight * x * x;
    yy += weight * y * y;
    xy += weight * x * y;
    dx += weight * depth * x;
    dy += weight * depth * y;
  }
  const [meanX, meanY, mean] = [sumX / total, sumY / total, sum / total];
  const varianceX = xx / total - meanX * meanX + resistance;
  const varianceY = yy / total - meanY * meanY + resistance;
  const covariance = xy / total - meanX * meanY;
  const [alongX, alongY] = [dx / total - mean * meanX, dy / total - mean * meanY];
  const determinant = varianceX * varianceY - covariance * covariance;
  const slopeX = (alongX * varianceY - alongY * covariance) / determinant;
  const slopeY = (alongY * varianceX - alongX * covariance) / determinant;
  const [across, down] = [clamp(slopeX, -acrossMax, acrossMax), clamp(slopeY, -downMax, downMax)];
  return { base: mean - across * meanX - down * meanY, across, down };
}
