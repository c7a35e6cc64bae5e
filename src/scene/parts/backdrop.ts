import { boxMean } from "../field/box-mean.ts";
import type { Channels } from "../field/channels.ts";
import { createField, type Field, meanOf } from "../field/field.ts";
import { spread } from "../field/spread.ts";
import { findTexture, type Texture } from "../field/texture.ts";
import { emptyRegion, type Region, regionOf } from "./region.ts";

/** How even a backdrop is: change over two pixels, and from one pixel to the next. */
const textureMax = 0.05;
const stepMax = 0.035;

/** How dark it may be, and how far its colour may be from that of the picture's top. */
const lumaMin = 0.18;
const colourDistanceMax = 0.22;
const yellowMax = 0.25;

/** The rows from which its colour is taken. */
const topShare = 0.06;

/** Less of the picture is no backdrop, and more of it has nothing before it. */
const shareMin = 0.08;
const shareMax = 0.75;

/** How much of the upper edge has to belong to it. */
const topCoverMin = 0.5;

/** The smooth region that hangs from the picture's upper edge: a sky, a wall, a studio's paper. */
export function findBackdrop(channels: Channels): Region {
  const mask = floodFromTop(channels, findTexture(channels.luma, 2));
  const share = meanOf(mask);
  const topCover = mask.samples.subarray(0, mask.width).reduce((sum, one) => sum + one, 0);
  if (share < shareMin || share > shareMax || topCover < topCoverMin * mask.width) {
    return emptyRegion(mask);
  }
  return regionOf(channels.luma, mask, shareMin);
}

function floodFromTop(channels: Channels, texture: Texture): Field {
  const { width, luma } = channels;
  const isLike = likeTheTop(channels, texture);
  const mask = createField(luma);
  const found: number[] = [];
  const take = (index: number, from: number) => {
    if (mask.samples[index] === 1 || !isLike(index)) return;
    const step = (luma.samples[index] as number) - (luma.samples[from] as number);
    if (Math.abs(step) >= stepMax) return;
    mask.samples[index] = 1;
    found.push(index);
  };
  for (let column = 0; column < width; column++) take(column, column);
  spread(luma, found, take);
  return mask;
}

function likeTheTop(
  { width, height, luma, redGreen, yellowBlue }: Channels,
  { across, down }: Texture,
): (index: number) => boolean {
  const topPixels = width * Math.max(2, Math.round(height * topShare));
  const red = meanUntil(redGreen, topPixels);
  const yellow = meanUntil(yellowBlue, topPixels);
  const [acrossMean, downMean] = [boxMean(across, 1), boxMean(down, 1)];
  return (index) => {
    const a = redGreen.samples[index] as number;
    const b = yellowBlue.samples[index] as number;
    const change = (acrossMean.samples[index] as number) + (downMean.samples[index] as number);
    return (
      change < textureMax &&
      (luma.samples[index] as number) > lumaMin &&
      Math.abs(a - red) + Math.abs(b - yellow) < colourDistanceMax &&
      b - 0.5 * Math.abs(a) < yellowMax
    );
  };
}

function meanUntil({ samples }: Field, end: number): number {
  return samples.subarray(0, end).reduce((sum, sample) => sum + sample, 0) / end;
}
