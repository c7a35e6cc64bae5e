import { createField, type Field } from "../field/field.ts";
import type { StraightLine } from "./line.ts";

/** Lines are followed a little beyond their ends, which are seldom found exactly. */
const overshoot = 4;

/** This many samples on both sides of a line belong to it wholly. */
const halfWidth = 4;

/** How far a line's influence reaches: a share of its length, within bounds, in samples. */
const reachShare = 0.3;
const reachMin = 12;
const reachMax = 28;

/** How free each sample is of the lines, and how fast that grows on the way it was reached. */
interface Reached {
  readonly freedom: Float32Array;
  readonly growth: Float32Array;
}

/**
 * 0 on and beside straight lines, rising smoothly to 1 where none has a say any more; long lines
 * reach farther. Distances are chamfer distances, within 8 % of the true ones: Borgefors: Distance
 * transformations in digital images, 1986.
 */
export function freedomFromLines(
  size: Pick<Field, "width" | "height">,
  lines: readonly StraightLine[],
): Field {
  const field = createField(size);
  const reached: Reached = {
    freedom: field.samples.fill(1),
    growth: new Float32Array(field.samples.length),
  };
  for (const line of lines) drawLine(reached, size, line);
  const { width, height } = size;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) relax(reached, size, column, row, -1);
  }
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) relax(reached, size, column, row, 1);
  }
  for (let index = 0; index < field.samples.length; index++) {
    const share = Math.max(0, field.samples[index] as number);
    field.samples[index] = share * share * (3 - 2 * share);
  }
  return field;
}

function drawLine(
  { freedom, growth }: Reached,
  { width, height }: Pick<Field, "width" | "height">,
  line: StraightLine,
): void {
  const length = Math.hypot(line.toX - line.fromX, line.toY - line.fromY);
  const [stepX, stepY] = [(line.toX - line.fromX) / length, (line.toY - line.fromY) / length];
  const pace = 1 / Math.min(reachMax, Math.max(reachMin, reachShare * length));
  for (let along = -overshoot; along <= length + overshoot; along += 0.7) {
    const x = Math.round(line.fromX + along * stepX);
    const y = Math.round(line.fromY + along * stepY);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const index = y * width + x;
    // Below 0 stays 0: the line's own width. What reaches farther wins.
    const start = -halfWidth * pace;
    if ((freedom[index] as number) <= 0 && (growth[index] as number) <= pace) continue;
    freedom[index] = start;
    growth[index] = pace;
  }
}

function relax(
  reached: Reached,
  { width, height }: Pick<Field, "width" | "height">,
  column: number,
  row: number,
  side: 1 | -1,
): void {
  const index = row * width + column;
  const next = column + side;
  if (next >= 0 && next < width) take(reached, index, index + side, 1);
  const nextRow = row + side;
  if (nextRow < 0 || nextRow >= height) return;
  const beside = index + side * width;
  take(reached, index, beside, 1);
  if (column > 0) take(reached, index, beside - 1, Math.SQRT2);
  if (column < width - 1) take(reached, index, beside + 1, Math.SQRT2);
}

/** Goes by way of a neighbour where that leaves less freedom. */
function take({ freedom, growth }: Reached, index: number, from: number, distance: number): void {
  const pace = growth[from] as number;
  const through = (freedom[from] as number) + distance * pace;
  if (pace === 0 || through >= (freedom[index] as number)) return;
  freedom[index] = through;
  growth[index] = pace;
}
