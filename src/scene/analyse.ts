import type { RgbPicture } from "../kernel/planes.ts";
import { findBackdrop } from "./backdrop.ts";
import { readChannels } from "./channels.ts";
import { findFocus } from "./focus.ts";
import { findFoliage } from "./foliage.ts";
import { isGraphic } from "./graphic.ts";
import { findHorizon } from "./horizon.ts";
import { findLight } from "./light.ts";
import { findSaliency } from "./saliency.ts";
import type { Scene } from "./scene.ts";
import { findSky } from "./sky.ts";
import { findWater } from "./water.ts";

/** The long side of the picture that is analysed; finer detail only distracts. */
export const thumbnailSide = 240;

/**
 * What a still contains, from its thumbnail, whose long side is `thumbnailSide` at most: the same
 * answer for the same pixels, in some twenty milliseconds.
 */
export function analyseScene(thumbnail: Readonly<RgbPicture>): Scene {
  const channels = readChannels(thumbnail);
  const { width, height, luma } = channels;
  const horizon = findHorizon(channels);
  const backdrop = findBackdrop(channels);
  const sky = findSky(channels, backdrop);
  return {
    width,
    height,
    kind: isGraphic(thumbnail) ? "graphic" : "photo",
    horizon,
    saliency: findSaliency(channels),
    focus: findFocus(luma),
    backdrop,
    sky,
    water: findWater(channels, horizon, sky),
    foliage: findFoliage(channels),
    light: findLight(luma),
  };
}
