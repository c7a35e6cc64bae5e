import { AppError } from "../errors.ts";
import type { Point } from "./plan.ts";
import { readThumbnail } from "./still.ts";

/** Enough to see what stands out; finer detail only distracts. */
const thumbnailSide = 256;

/**
 * The most conspicuous spot lies on the subject, the subject's middle mostly between it and the
 * middle of the picture: this much of the way towards the middle.
 */
const centring = 0.25;

/**
 * Where the subject of a still is: the place that stands out by skin, saturation and contrast, or
 * the centre where nothing does. @throws AppError `source_unsupported`, `cancelled`.
 */
export async function findFocalPoint(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Point> {
  const { pixels, width, height } = await readThumbnail(path, thumbnailSide);
  if (options.signal?.aborted) throw new AppError("cancelled", "cancelled while looking");
  const { default: sharp } = await import("sharp");
  // The spot is only reported for a real crop; what is cropped away does not matter here.
  const { info } = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(Math.ceil(width / 2), height, { fit: "cover", position: sharp.strategy.attention })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { attentionX, attentionY } = info;
  // A picture in which nothing stands out answers with its first pixel.
  if (!attentionX && !attentionY) return { x: 0.5, y: 0.5 };
  return {
    x: towardsMiddle((attentionX ?? 0) / width),
    y: towardsMiddle((attentionY ?? 0) / height),
  };
}

function towardsMiddle(share: number): number {
  return share + (0.5 - share) * centring;
}
