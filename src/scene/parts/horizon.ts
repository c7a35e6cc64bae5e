import type { Channels } from "../field/channels.ts";
import { clamp, type Field } from "../field/field.ts";
import type { Scene } from "../scene.ts";

/** A horizon nearer to the edge than this splits off too little to be one. */
const edgeShare = 0.12;

/** The ratio of variances at which nobody would doubt the horizon. */
const certainRatio = 0.6;

/**
 * The row that best splits the picture into two even parts: it has the greatest variance between
 * the parts over that within them, in all channels together.
 */
export function findHorizon({ height, ...channels }: Channels): Scene["horizon"] {
  const sums = [channels.luma, channels.redGreen, channels.yellowBlue].map(sumRows);
  let best = -1;
  let horizon = Math.round(height * 0.42);
  for (let row = Math.max(1, Math.round(height * edgeShare)); row < height * 0.88; row++) {
    const ratio = varianceRatio(sums, row, height);
    if (ratio <= best) continue;
    best = ratio;
    horizon = row;
  }
  return { y: horizon / height, confidence: clamp(best / certainRatio) };
}

/** Means of all rows above each row, and of their squares: entry 0 is of no row. */
interface RowSums {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function sumRows({ width, height, samples }: Field): RowSums {
  const sums = new Float64Array(height + 1);
  const squares = new Float64Array(height + 1);
  for (let row = 0; row < height; row++) {
    let [sum, square] = [0, 0];
    for (let index = row * width; index < (row + 1) * width; index++) {
      const sample = samples[index] as number;
      sum += sample;
      square += sample * sample;
    }
    sums[row + 1] = (sums[row] as number) + sum / width;
    squares[row + 1] = (squares[row] as number) + square / width;
  }
  return { sums, squares };
}

function varianceRatio(channels: readonly RowSums[], row: number, height: number): number {
  const [above, below] = [row / height, 1 - row / height];
  let [between, within] = [0, 1e-4];
  for (const { sums, squares } of channels) {
    const meanAbove = (sums[row] as number) / row;
    const meanBelow = ((sums[height] as number) - (sums[row] as number)) / (height - row);
    const squareAbove = (squares[row] as number) / row;
    const squareBelow = ((squares[height] as number) - (squares[row] as number)) / (height - row);
    between += (meanAbove - meanBelow) ** 2 * above * below;
    within += (squareAbove - meanAbove ** 2) * above + (squareBelow - meanBelow ** 2) * below;
  }
  return between / within;
}
