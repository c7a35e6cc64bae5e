import type { Channels } from "../field/channels.ts";
import { findComponents } from "../field/components.ts";
import { mapField } from "../field/field.ts";
import { findTexture } from "../field/texture.ts";
import type { MeanColour } from "./mean-colour.ts";
import { type Region, regionOf } from "./region.ts";

/** Less of the picture is a bird, or a speck that the sky's soft edge covers anyway. */
const shareMin = 0.002;

/** How bright a cloud is at least, of the sky, and how much more colourful it may be. */
const brightnessMin = 0.8;
const colourMargin = 0.04;

/** Mean change over two pixels: clouds are softer than balloons, roofs and sails. */
const changeMax = 0.09;

/**
 * A sky and the clouds that were left out of it because they begin too suddenly: soft bright parts
 * that only sky surrounds. Clouds that stood still in a sky that drifts would be seen twice.
 */
export function addClouds(channels: Channels, sky: Region, colour: MeanColour): Region {
  const { luma, redGreen, yellowBlue, height } = channels;
  const { across, down } = findTexture(luma, 1);
  const rest = mapField(sky.mask, (sample) => (sample > 0.5 ? 0 : 1));
  const vividMax = Math.abs(colour.redGreen) + Math.abs(colour.yellowBlue) + colourMargin;
  const isCloud = rest.samples.map(() => 0);
  for (const { indexes, bottom } of findComponents(rest, 0.5)) {
    if (bottom === height - 1 || indexes.length < shareMin * rest.samples.length) continue;
    const meanOf = (samples: Float32Array) =>
      indexes.reduce((sum, index) => sum + (samples[index] as number), 0) / indexes.length;
    const vivid = Math.abs(meanOf(redGreen.samples)) + Math.abs(meanOf(yellowBlue.samples));
    const isBright = meanOf(luma.samples) >= brightnessMin * colour.luma;
    const isSoft = meanOf(across.samples) + meanOf(down.samples) < changeMax;
    if (!isBright || !isSoft || vivid > vividMax) continue;
    for (const index of indexes) isCloud[index] = 1;
  }
  if (isCloud.every((cloud) => cloud === 0)) return sky;
  const whole = mapField(rest, (outside, index) => (isCloud[index] === 1 ? 1 : 1 - outside));
  return regionOf(luma, whole, 0);
}
