import { AppError } from "../errors.ts";
import { type PlaneSize, structuralSimilarity } from "./similarity.ts";

/** How a clip goes from its last frame to its first, against how it goes everywhere else. */
export interface Seam {
  /** Unlikeness of last and first frame over the median of neighbours: 1 is one more step. */
  readonly sr: number;
  /** The same for the second difference: 1 is no jerk. */
  readonly ar: number;
  /** How much less alike last and first frame are than neighbours are in the median. */
  readonly delta: number;
  /** Between the mean brightness of the last and the first frame, in levels of 255. */
  readonly lumaStep: number;
}

/** A seam as it is stored and shown to the outside. */
export function describeSeam({ sr, ar, delta, lumaStep }: Seam) {
  return { sr, ar, delta, luma_step: lumaStep };
}

/** The width at which clips are measured; grain that nobody sees is gone there. */
export const seamWidth = 640;

/** With fewer there is no step inside that the seam could be held against. */
const framesMin = 4;
/** What counts as no change at all. */
const stillness = 1e-6;

/** Whether the raw frames of a loop return to their start as a periodic motion does. */
export function isSeamlessMotion({ sr, ar }: Seam): boolean {
  return sr <= 1.4 && ar <= 1.4;
}

/**
 * Whether an encoded loop may be called seamless. More is allowed than for raw frames, because an
 * encoder makes a clip's first frame finer than its last.
 */
export function isSeamlessFile({ sr, delta, lumaStep }: Seam): boolean {
  return (sr <= 2 || delta <= 0.02) && lumaStep <= 1;
}

/**
 * Measures the seam of a loop from its luma planes, in order. Keeps four frames at a time.
 * @throws AppError `i2v_failed` when there are fewer than four frames.
 */
export async function measureSeam(
  frames: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: PlaneSize,
): Promise<Seam> {
  const opening: Uint8Array[] = [];
  let [beforeLast, last]: readonly (Uint8Array | undefined)[] = [];
  /** Unlikeness of each frame and the next, and second difference around each but the ends. */
  const steps: number[] = [];
  const jerks: number[] = [];
  for await (const frame of frames) {
    if (opening.length < 2) opening.push(frame);
    if (last) steps.push(1 - structuralSimilarity(last, frame, size));
    if (beforeLast && last) jerks.push(secondDifference(beforeLast, last, frame));
    beforeLast = last;
    last = frame;
  }
  const [first, second] = opening;
  if (!first || !second || !beforeLast || !last || steps.length + 1 < framesMin) {
    throw new AppError("i2v_failed", `a loop has at least ${framesMin} frames`);
  }
  const seamStep = 1 - structuralSimilarity(last, first, size);
  const seamJerk = Math.max(
    secondDifference(beforeLast, last, first),
    secondDifference(last, first, second),
  );
  return {
    sr: seamStep / Math.max(median(steps), stillness),
    ar: seamJerk / Math.max(median(jerks), stillness),
    delta: seamStep - median(steps),
    lumaStep: Math.abs(mean(last) - mean(first)),
  };
}

/** The mean of |before − 2·middle + after|: zero when everything moves on evenly. */
function secondDifference(before: Uint8Array, middle: Uint8Array, after: Uint8Array): number {
  let total = 0;
  for (let index = 0; index < middle.length; index++) {
    const bend =
      (before[index] as number) - 2 * (middle[index] as number) + (after[index] as number);
    total += bend < 0 ? -bend : bend;
  }
  return total / middle.length;
}

function mean(plane: Uint8Array): number {
  let total = 0;
  for (const level of plane) total += level;
  return total / plane.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}
