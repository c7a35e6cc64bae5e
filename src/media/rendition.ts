import { stat } from "node:fs/promises";
import { AppError } from "../errors.ts";
import type { ClipInfo, Media } from "./media.ts";
import type { RenditionFormat } from "./rendition-format.ts";

export interface RenditionRequest {
  /** The finished clip. It is only read. */
  readonly from: string;
  /** Where the other form is written. */
  readonly to: string;
  readonly format: RenditionFormat;
  /** Of an animated image: it plays again and again, and not just once. */
  readonly loops: boolean;
  readonly signal: AbortSignal;
  /** Of an animated image; `animationBytesMax` when not given. */
  readonly bytesMax?: number;
}

export interface RenditionResult {
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

/** No animated image that is handed out is larger. */
export const animationBytesMax = 5 * 1024 * 1024;

/** The same everywhere, so that the bytes are. */
const threads = 2;
/** An encoder may refuse anything narrower; a panorama becomes longer than asked for instead. */
const shortSideMin = 64;

/** One way to make a format; the next one in a list is about half as many bytes. */
interface Setting {
  /** In pixels, never more than the clip has. */
  readonly longSide: number;
  /** Frames a second, as near as whole steps through the clip's own come. */
  readonly fps: number;
  /** As `TranscodeSpec` has it. */
  readonly quality: number;
}

/** How WebP and AVIF are made smaller, step by step, with the quality of each. */
const pictureSteps = [
  { longSide: 640, fps: 15, webp: 70, avif: 35 },
  { longSide: 640, fps: 15, webp: 45, avif: 45 },
  { longSide: 480, fps: 15, webp: 35, avif: 50 },
  { longSide: 400, fps: 10, webp: 30, avif: 55 },
  { longSide: 320, fps: 8, webp: 25, avif: 60 },
] as const;

const settings: { readonly [F in RenditionFormat]: readonly Setting[] } = {
  // The clip once more: half the bytes at equal likeness, for as much work.
  av1: [{ longSide: Number.POSITIVE_INFINITY, fps: Number.POSITIVE_INFINITY, quality: 35 }],
  webp: pictureSteps.map(({ longSide, fps, webp }) => ({ longSide, fps, quality: webp })),
  avif: pictureSteps.map(({ longSide, fps, avif }) => ({ longSide, fps, quality: avif })),
  gif: [
    { longSide: 480, fps: 15, quality: 128 },
    { longSide: 480, fps: 10, quality: 64 },
    { longSide: 400, fps: 8, quality: 48 },
    { longSide: 320, fps: 8, quality: 32 },
    { longSide: 240, fps: 6, quality: 24 },
  ],
};

/**
 * Makes another form of a finished clip. An animated image that comes out too large is made
 * again, smaller, with fewer frames and plainer, until it fits.
 * @throws AppError `unsupported_format` as `getRenditionEncoder`; `rendition_failed` when it does
 * not fit at its smallest; else as `Media.transcode`.
 */
export async function makeRendition(
  media: Pick<Media, "probe" | "transcode">,
  request: RenditionRequest,
): Promise<RenditionResult> {
  const { from, to, format, loops, signal } = request;
  const clip = await media.probe(from, { signal });
  const bytesMax = isAnimation(format) ? (request.bytesMax ?? animationBytesMax) : undefined;
  let bytes = 0;
  for (const setting of settings[format]) {
    const size = sizeFor(clip, setting.longSide);
    const frameStep = Math.max(1, Math.round(clip.fps / setting.fps));
    const { quality } = setting;
    const spec = { from, to, format, ...size, frameStep, quality, loops, threads };
    await media.transcode(spec, { signal });
    bytes = (await stat(to)).size;
    if (bytesMax === undefined || bytes <= bytesMax) return { bytes, ...size };
  }
  throw new AppError(
    "rendition_failed",
    `the ${format} has ${bytes} bytes at its smallest, and at most ${bytesMax} are handed out`,
  );
}

/** Whether a format is a picture that moves, as opposed to a clip. */
export function isAnimation(format: RenditionFormat): boolean {
  return format !== "av1";
}

/** Even sides in the clip's own ratio. */
function sizeFor(clip: ClipInfo, longSide: number): Pick<RenditionResult, "width" | "height"> {
  const wanted = longSide / Math.max(clip.width, clip.height);
  const least = shortSideMin / Math.min(clip.width, clip.height);
  const scale = Math.min(1, Math.max(wanted, least));
  const even = (side: number) => 2 * Math.max(1, Math.round((side * scale) / 2));
  return { width: even(clip.width), height: even(clip.height) };
}
