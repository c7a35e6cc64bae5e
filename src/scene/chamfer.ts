import { createField } from "./field.ts";
import type { Field } from "./scene.ts";
import type { StraightLine } from "./straight-lines.ts";

/** Lines are followed a little beyond their ends, which are seldom found exactly. */
const overshoot = 4;

/**
 * The distance of each sample to the nearest line, in samples: a chamfer distance, within 8 % of
 * the true one. Borgefors: Distance transformations in digital images, 1986.
 */
export function distanceToLines(
  size: Pick<Field, "width" | "height">,
  lines: readonly StraightLine[],
): Field {
  const field = createField(size);
  field.samples.fill(size.width + size.height);
  for (const line of lines) drawLine(field, line);
  const { width, height } = size;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) relax(field, column, row, -1);
  }
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) relax(field, column, row, 1);
  }
  return field;
}

function drawLine({ width, height, samples }: Field, line: StraightLine): void {
  const length = Math.hypot(line.toX - line.fromX, line.toY - line.fromY);
  const [stepX, stepY] = [(line.toX - line.fromX) / length, (line.toY - line.fromY) / length];
  for (let along = -overshoot; along <= length + overshoot; along += 0.7) {
    const x = Math.round(line.fromX + along * stepX);
    const y = Math.round(line.fromY + along * stepY);
    if (x >= 0 && y >= 0 && x < width && y < height) samples[y * width + x] = 0;
  }
}

function relax({ width, height, samples }: Field, column: number, row: number, side: 1 | -1): void {
  const index = row * width + column;
  let nearest = samples[index] as number;
  const next = column + side;
  if (next >= 0 && next < width) nearest = Math.min(nearest, (samples[index + side] as number) + 1);
  const nextRow = row + side;
  if (nextRow >= 0 && nextRow < height) {
    const beside = index + side * width;
    nearest = Math.min(nearest, (samples[beside] as number) + 1);
    const [left, right] = [samples[beside - 1], samples[beside + 1]];
    if (column > 0) nearest = Math.min(nearest, (left as number) + Math.SQRT2);
    if (column < width - 1) nearest = Math.min(nearest, (right as number) + Math.SQRT2);
  }
  samples[index] = nearest;
}
