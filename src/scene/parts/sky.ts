import type { Channels } from "../field/channels.ts";
import type { Field } from "../field/field.ts";
import { findTexture } from "../field/texture.ts";
import { addClouds } from "./clouds.ts";
import { type MeanColour, meansIn } from "./mean-colour.ts";
import { emptyRegion, type Region } from "./region.ts";

/** Less than this is a corner of sky that nobody would miss. */
const shareMin = 0.05;

/** A studio's backdrop runs down beside its subject; a sky ends at a horizon well above this. */
const deepestRow = 0.85;
const deepShareMax = 0.1;

/** Grey or white, it is a wall as often as a sky, unless it fills the picture's upper edge. */
const topCoverMin = 0.78;

/** What stands before a sky parts from it by this much; paper only fades. */
const rimContrastMin = 0.07;

/** Paper goes on under what lies on it: as much of the lowest rows is as even and of its colour. */
const lowRows = 0.15;
const lowShareMax = 0.6;
const likeMax = 0.15;
const evenMax = 0.025;

/**
 * The backdrop and the clouds in it, when it may be a sky: blue, the colour of a sunset, or bright
 * all along the upper edge; not darker than what is under it, and not going on below.
 */
export function findSky(channels: Channels, backdrop: Region): Region {
  const none = emptyRegion(backdrop.mask);
  if (backdrop.share < shareMin || runsDeep(backdrop.mask)) return none;
  const inside = meansIn(channels, backdrop.mask, false);
  const outside = meansIn(channels, backdrop.mask, true);
  if (inside.luma < outside.luma * 0.9) return none;
  const isBlue = inside.yellowBlue < -0.015 && inside.redGreen < 0.1;
  const isSunset = inside.redGreen > 0.04 && inside.luma > 0.3 && inside.yellowBlue > -0.05;
  if (isBlue || isSunset) return addClouds(channels, backdrop, inside);
  const isNeutral = Math.abs(inside.redGreen) < 0.06 && Math.abs(inside.yellowBlue) < 0.09;
  const isBright = inside.luma > 0.4;
  const fillsTop = topCover(backdrop.mask) >= topCoverMin;
  if (!isNeutral || !isBright || !fillsTop) return none;
  if (rimContrast(channels.luma, backdrop.mask) < rimContrastMin) return none;
  return goesOnBelow(channels, inside) ? none : addClouds(channels, backdrop, inside);
}

/** Whether most of the lowest rows is as even as paper, and of the backdrop's colour. */
function goesOnBelow({ luma, redGreen, yellowBlue }: Channels, colour: MeanColour): boolean {
  const { across, down } = findTexture(luma, 3);
  const start = luma.width * Math.floor(luma.height * (1 - lowRows));
  let alike = 0;
  for (let index = start; index < luma.samples.length; index++) {
    const distance =
      Math.abs((luma.samples[index] as number) - colour.luma) +
      Math.abs((redGreen.samples[index] as number) - colour.redGreen) +
      Math.abs((yellowBlue.samples[index] as number) - colour.yellowBlue);
    const change = (across.samples[index] as number) + (down.samples[index] as number);
    if (distance < likeMax && change < evenMax) alike += 1;
  }
  return alike > lowShareMax * (luma.samples.length - start);
}

/** How much of the second row belongs to it; the first may be a border. */
function topCover({ width, samples }: Field): number {
  return samples.subarray(width, 2 * width).reduce((sum, sample) => sum + sample, 0) / width;
}

/** How far brightness changes, on average, within a few rows round the mask's lower end. */
function rimContrast(luma: Field, { width, height, samples }: Field): number {
  const rows = 4;
  let [sum, count] = [0, 0];
  for (let column = 0; column < width; column++) {
    for (let row = rows; row < height - rows; row++) {
      const index = row * width + column;
      const isInside = (samples[index] as number) > 0.5;
      if (!isInside || (samples[index + width] as number) > 0.5) continue;
      const above = luma.samples[index - rows * width] as number;
      const below = luma.samples[index + rows * width] as number;
      sum += Math.abs(above - below);
      count += 1;
    }
  }
  return sum / Math.max(1, count);
}

/** Whether more than a little of the lowest rows belongs to it. */
function runsDeep({ width, height, samples }: Field): boolean {
  const start = width * Math.floor(height * deepestRow);
  const lowest = samples.subarray(start);
  return lowest.reduce((sum, sample) => sum + sample, 0) > deepShareMax * lowest.length;
}
