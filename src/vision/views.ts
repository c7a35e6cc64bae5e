import type { RgbPicture } from "../kernel/planes.ts";

/** A square RGB picture as the nets take it. */
export interface SquareView {
  readonly side: number;
  /** `side × side × 3` bytes. */
  readonly pixels: Uint8Array;
}

/** The whole picture, its sides made equal. */
export function squash(picture: RgbPicture, side: number): Promise<SquareView> {
  return resize(picture, side, { fit: "fill" });
}

/** The largest square in the middle. */
export function cropMiddle(picture: RgbPicture, side: number): Promise<SquareView> {
  return resize(picture, side, { fit: "cover" });
}

/** The whole picture in the middle of a square, black beside it. */
export function fitInside(picture: RgbPicture, side: number): Promise<SquareView> {
  return resize(picture, side, { fit: "contain", background: "#000000" });
}

async function resize(
  { pixels, width, height }: RgbPicture,
  side: number,
  how: { readonly fit: "fill" | "cover" | "contain"; readonly background?: string },
): Promise<SquareView> {
  const { default: sharp } = await import("sharp");
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(side, side, how)
    .raw()
    .toBuffer();
  return { side, pixels: bytes };
}
