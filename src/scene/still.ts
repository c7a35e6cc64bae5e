import type { Sharp } from "sharp";
import { AppError } from "../errors.ts";
import type { RgbPicture } from "../kernel/planes.ts";
import type { CropWindow } from "./framing.ts";

/** More than the largest still that is taken, 4096 by 4096, is never decoded. */
export const stillPixelsMax = 4096 * 4096;

/** What is behind a transparent still. */
const background = "#ffffff";

/**
 * How much the picture is sharpened before it is moved: about as much as moving it softens it. A
 * drawn still is then nearest to a scaled one (43 to 46 dB), with the same mean of |Laplacian|.
 */
const sharpening = 0.1;

/** The size of a still as it is looked at. @throws AppError `source_unsupported`. */
export async function measureStill(
  path: string,
): Promise<{ readonly width: number; readonly height: number }> {
  const still = await openStill(path);
  return decode(async () => (await still.metadata()).autoOrient);
}

/**
 * A window of a still, scaled to `size` with Lanczos (so that nothing finer than its pixels is
 * left) and slightly sharpened: sRGB, upright, on white. @throws AppError `source_unsupported`.
 */
export async function readStill(
  path: string,
  crop: CropWindow,
  size: { readonly width: number; readonly height: number },
): Promise<RgbPicture> {
  const still = await openStill(path);
  const weight = -sharpening;
  const kernel = [0, weight, 0, weight, 1 + 4 * sharpening, weight, 0, weight, 0];
  const pixels = await decode(() =>
    still
      .extract(crop)
      .resize(size.width, size.height, { fit: "fill", kernel: "lanczos3" })
      .convolve({ width: 3, height: 3, kernel })
      .raw()
      .toBuffer(),
  );
  return { pixels, width: size.width, height: size.height };
}

/** The whole still as a small RGB picture that fits into a square. */
export async function readThumbnail(path: string, side: number): Promise<RgbPicture> {
  const still = await openStill(path);
  const { data, info } = await decode(() =>
    still.resize(side, side, { fit: "inside" }).raw().toBuffer({ resolveWithObject: true }),
  );
  return { pixels: data, width: info.width, height: info.height };
}

/** The library is loaded on first use: it takes tens of milliseconds and as many megabytes. */
async function openStill(path: string): Promise<Sharp> {
  const { default: sharp } = await import("sharp");
  // It would keep decoded files by their names, and a name here may come to hold another picture.
  sharp.cache(false);
  return sharp(path, { autoOrient: true, limitInputPixels: stillPixelsMax })
    .flatten({ background })
    .toColourspace("srgb");
}

async function decode<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = "the source cannot be decoded; give a whole JPEG, PNG or WebP picture";
    throw new AppError("source_unsupported", message, { cause });
  }
}
