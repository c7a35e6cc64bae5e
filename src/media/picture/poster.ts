import { AppError } from "../../errors.ts";
import type { ClipInfo, Media } from "../media.ts";
import { loadSharp } from "./sharp.ts";

/** Part of a still, in its pixels as it is looked at. */
export interface PosterCrop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface StillPosterRequest {
  /** All of the still when not given. */
  readonly crop?: PosterCrop;
  /** Of the poster, in pixels; it is never wider than what it shows. */
  readonly width?: number;
}

export interface FramePosterRequest {
  readonly path: string;
  /** What `probe` said of the clip at `path`. */
  readonly clip: ClipInfo;
  readonly at: "first" | "last";
  readonly signal: AbortSignal;
}

/** Where a better picture is not seen any more, and a progressive one is seen at once. */
const jpegOptions = { quality: 80, progressive: true };
/** The largest still that is taken. */
const pixelsMax = 4096 ** 2;
/** What is behind a transparent still. */
const background = "#ffffff";

/**
 * A still, or a poster made before, as a progressive JPEG: upright, on white, in sRGB whatever it
 * was in, and with nothing in it but pixels. @throws AppError `source_unsupported`.
 */
export async function stillPoster(
  source: string | Uint8Array,
  { crop, width }: StillPosterRequest = {},
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const still = sharp(source, { autoOrient: true, limitInputPixels: pixelsMax }).flatten({
    background,
  });
  if (crop) still.extract({ ...crop });
  if (width !== undefined) still.resize({ width, withoutEnlargement: true });
  try {
    return await still.toColourspace("srgb").jpeg(jpegOptions).toBuffer();
  } catch (cause) {
    const message = "the picture cannot be decoded; give a whole JPEG, PNG or WebP";
    throw new AppError("source_unsupported", message, { cause });
  }
}

/** The first or last frame of a clip as a progressive JPEG. @throws AppError as `decodeRaw`. */
export async function framePoster(
  media: Pick<Media, "decodeRaw">,
  { path, clip, at, signal }: FramePosterRequest,
): Promise<Uint8Array> {
  const frame = at === "first" ? 0 : clip.frames - 1;
  const frames = await Array.fromAsync(
    media.decodeRaw({ path, pixelFormat: "rgb24", frame }, { signal }),
  );
  const [pixels] = frames;
  if (!pixels) throw new AppError("i2v_failed", `the clip has no frame ${frame}`);
  const sharp = await loadSharp();
  const raw = { width: clip.width, height: clip.height, channels: 3 } as const;
  return sharp(pixels, { raw }).jpeg(jpegOptions).toBuffer();
}
