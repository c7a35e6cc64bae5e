import { smooth } from "../field/box-mean.ts";
import type { Channels } from "../field/channels.ts";
import { type Component, findComponents } from "../field/components.ts";
import { createField, type Field, mapField } from "../field/field.ts";
import { findTexture } from "../field/texture.ts";
import type { Scene } from "../scene.ts";
import { meansIn } from "./mean-colour.ts";
import { emptyRegion, type Region, regionOf } from "./region.ts";

/** Less than this is a puddle. */
const shareMin = 0.05;

/** How sure the horizon must be, for what lies under it to be water. */
const horizonConfidenceMin = 0.2;

/** A lake or a sea spans much of the picture's width. */
const widthShareMin = 0.45;

/** Change over two pixels below which a surface is calm. */
const calmMax = 0.025;

/** Ripples lie: brightness changes this much faster downwards than across. */
const rippleRatio = 1.35;

/**
 * Water below the horizon: bluish or of the sky's colour, calm or rippled from left to right, and
 * wide. Ground that is merely smooth is not, unless it mirrors the sky's colour.
 */
export function findWater(channels: Channels, horizon: Scene["horizon"], sky: Region): Region {
  if (horizon.confidence < horizonConfidenceMin) return emptyRegion(channels);
  const candidates = smooth(candidatesBelow(channels, horizon.y, sky), 1);
  const widest = findComponents(candidates, 0.5).find(
    ({ left, right }) => right - left >= widthShareMin * channels.width,
  );
  if (!widest) return emptyRegion(channels);
  return regionOf(channels.luma, maskOf(candidates, widest), shareMin);
}

function candidatesBelow(channels: Channels, horizonY: number, sky: Region): Field {
  const { width, height, luma, redGreen, yellowBlue } = channels;
  const { across, down } = findTexture(luma, 3);
  const skyColour = sky.share > 0 ? meansIn(channels, sky.mask, false) : undefined;
  const firstRow = Math.round(horizonY * height);
  return mapField(luma, (_, index) => {
    if (index < firstRow * width || (sky.mask.samples[index] as number) > 0.3) return 0;
    const red = redGreen.samples[index] as number;
    const yellow = yellowBlue.samples[index] as number;
    const [sideways, downwards] = [across.samples[index] as number, down.samples[index] as number];
    const isBluish = yellow < -0.02 && red < 0.03;
    const mirrorsSky =
      skyColour !== undefined &&
      Math.abs(red - skyColour.redGreen) + Math.abs(yellow - skyColour.yellowBlue) < 0.06;
    const isCalm = sideways + downwards < calmMax;
    const isRippled = downwards > rippleRatio * sideways;
    const isWater = (isBluish && (isCalm || isRippled)) || (mirrorsSky && isRippled);
    return isWater ? 1 : 0;
  });
}

function maskOf(size: Field, { indexes }: Component): Field {
  const mask = createField(size);
  for (const index of indexes) mask.samples[index] = 1;
  return mask;
}
