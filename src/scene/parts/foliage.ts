import { smooth } from "../field/box-mean.ts";
import type { Channels } from "../field/channels.ts";
import { mapField } from "../field/field.ts";
import { findTexture } from "../field/texture.ts";
import { type Region, regionOf } from "./region.ts";

/** Less than this is a pot plant. */
const shareMin = 0.04;

/** How green leaves are at least, in sunlight and in shade, and how bright. */
const greenMin = 0.012;
const yellowMin = 0.005;
const lumaMin = 0.06;

/** Change over two pixels that leaves make and painted walls do not. */
const textureMin = 0.03;

/** Leaves and grass: green, rough, and neither black nor a flat green surface. */
export function findFoliage(channels: Channels): Region {
  const { luma, redGreen, yellowBlue } = channels;
  const { across, down } = findTexture(luma, 3);
  const candidates = mapField(luma, (brightness, index) => {
    const isGreen =
      (redGreen.samples[index] as number) < -greenMin &&
      (yellowBlue.samples[index] as number) > yellowMin;
    const change = (across.samples[index] as number) + (down.samples[index] as number);
    return isGreen && brightness > lumaMin && change > textureMin ? 1 : 0;
  });
  const dense = mapField(smooth(candidates, 2), (share) => (share > 0.4 ? 1 : 0));
  return regionOf(luma, dense, shareMin);
}
