import type { RgbPicture } from "../kernel/planes.ts";
import { readChannels } from "./field/channels.ts";
import { isGraphic } from "./graphic/graphic.ts";
import { findBackdrop } from "./parts/backdrop.ts";
import { findFocus } from "./parts/focus.ts";
import { findFoliage } from "./parts/foliage.ts";
import { findHorizon } from "./parts/horizon.ts";
import { findLight } from "./parts/light.ts";
import { findSaliency } from "./parts/saliency.ts";
import { findSky } from "./parts/sky.ts";
import { findWater } from "./parts/water.ts";
import type { Scene } from "./scene.ts";

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
