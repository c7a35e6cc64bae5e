import type { Aspect, Point } from "./plan.ts";

/** How a still becomes the frame of a clip. */
export interface Framing {
  /** The size of the clip, in pixels; both even. */
  readonly width: number;
  readonly height: number;
  /** The part of the still that the clip shows, in the still's pixels. */
  readonly crop: CropWindow;
}

export interface CropWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface FramingRequest {
  /** The still's size as it is looked at: turned upright. */
  readonly still: { readonly width: number; readonly height: number };
  readonly aspect: Aspect;
  /** The long side of a 16:9 clip in pixels; a square's side is three quarters of it. */
  readonly longSide: number;
  /** The subject, which the crop keeps as near to its middle as the still allows. */
  readonly focal: Point;
}

/** Beyond this a still only gets blurred, and the bytes are wasted. */
const upscaleMax = 2;

/** Size and crop of a clip: the largest window of the aspect's shape, around the subject. */
export function frameStill({ still, aspect, longSide, focal }: FramingRequest): Framing {
  const nominal = nominalSize(still, aspect, longSide);
  const ratio = nominal.width / nominal.height;
  const windowWidth = Math.min(still.width, still.height * ratio);
  const scale = (upscaleMax * windowWidth) / nominal.width;
  const [width, height] =
    scale < 1
      ? [evenBelow(nominal.width * scale), evenBelow(nominal.height * scale)]
      : [even(nominal.width), even(nominal.height)];
  return { width, height, crop: cropAround(still, focal, width / height) };
}

function nominalSize(
  still: FramingRequest["still"],
  aspect: Aspect,
  longSide: number,
): FramingRequest["still"] {
  if (aspect === "16:9") return { width: longSide, height: (longSide * 9) / 16 };
  if (aspect === "9:16") return { width: (longSide * 9) / 16, height: longSide };
  if (aspect === "1:1") return { width: longSide * 0.75, height: longSide * 0.75 };
  const scale = longSide / Math.max(still.width, still.height);
  return { width: still.width * scale, height: still.height * scale };
}

function cropAround(still: FramingRequest["still"], focal: Point, ratio: number): CropWindow {
  const width = Math.min(still.width, Math.max(1, Math.round(still.height * ratio)));
  const height = Math.min(still.height, Math.max(1, Math.round(still.width / ratio)));
  return {
    left: offsetAround(focal.x, width, still.width),
    top: offsetAround(focal.y, height, still.height),
    width,
    height,
  };
}

function offsetAround(share: number, size: number, whole: number): number {
  return Math.min(whole - size, Math.max(0, Math.round(share * whole - size / 2)));
}

function even(size: number): number {
  return Math.max(2, 2 * Math.round(size / 2));
}

function evenBelow(size: number): number {
  return Math.max(2, 2 * Math.floor(size / 2 + 1e-9));
}
