import type { Channels } from "./channels.ts";
import { createField } from "./field.ts";
import { emptyRegion } from "./region.ts";
import type { Field, Region } from "./scene.ts";

/** Less than this is a corner of sky that nobody would miss. */
const shareMin = 0.05;

/** A studio's backdrop runs down beside its subject; a sky ends at a horizon well above this. */
const deepestRow = 0.85;
const deepShareMax = 0.1;

/**
 * The backdrop, when it may be a sky: blue, bright or the colour of a sunset, not darker than what
 * is under it, and not running down both sides of the picture.
 */
export function findSky(channels: Channels, backdrop: Region): Region {
  if (backdrop.share < shareMin || runsDeep(backdrop.mask)) return emptyRegion(backdrop.mask);
  const inside = meansIn(channels, backdrop.mask, false);
  const outside = meansIn(channels, backdrop.mask, true);
  if (inside.luma < outside.luma * 0.9) return emptyRegion(backdrop.mask);
  const isBlue = inside.yellowBlue < -0.015 && inside.redGreen < 0.1;
  const isBright = inside.luma > 0.55 && Math.abs(inside.yellowBlue) < 0.08;
  const isSunset = inside.redGreen > 0.02 && inside.luma > 0.3 && inside.yellowBlue > -0.05;
  const isGrey = Math.hypot(inside.redGreen, inside.yellowBlue) < 0.04 && inside.luma > 0.4;
  return isBlue || isBright || isSunset || isGrey ? backdrop : emptyRegion(backdrop.mask);
}

/** Whether more than a little of the lowest rows belongs to it. */
function runsDeep({ width, height, samples }: Field): boolean {
  const start = width * Math.floor(height * deepestRow);
  const lowest = samples.subarray(start);
  return lowest.reduce((sum, sample) => sum + sample, 0) > deepShareMax * lowest.length;
}

/** The mean colour inside a mask, or outside. */
export function meansIn(
  { luma, redGreen, yellowBlue }: Channels,
  mask: Field,
  isOutside: boolean,
): { readonly luma: number; readonly redGreen: number; readonly yellowBlue: number } {
  const weights = isOutside ? inverse(mask) : mask;
  const total = weights.samples.reduce((sum, weight) => sum + weight, 1e-6);
  const meanOf = ({ samples }: Field) => {
    let sum = 0;
    for (let index = 0; index < samples.length; index++) {
      sum += (samples[index] as number) * (weights.samples[index] as number);
    }
    return sum / total;
  };
  return { luma: meanOf(luma), redGreen: meanOf(redGreen), yellowBlue: meanOf(yellowBlue) };
}

function inverse(mask: Field): Field {
  const inverted = createField(mask);
  for (let index = 0; index < mask.samples.length; index++) {
    inverted.samples[index] = 1 - (mask.samples[index] as number);
  }
  return inverted;
}
