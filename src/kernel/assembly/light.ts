import { fractionRamp, isCellEmpty } from "./blend";
import { storeSome } from "./warp";

/** Luma of black: what a gain leaves as it is. */
const black: i16 = 16;

/** Luma of white: what a disc is coloured. */
const white: f32 = 235.0;

/**
 * Brightens luma by the gains (15 fractional bits) of the mesh's vertices, bilinear between them.
 * Cells without any are not touched.
 */
export function gainLuma(target: usize, width: i32, height: i32, gains: usize): void {
  const cells = (width + 15) >> 4;
  for (let top = 0; top < height; top += 16) {
    const rows = min(16, height - top);
    let upper = gains + (((top >> 4) * (cells + 1)) << 1);
    for (let cell = 0; cell < cells; cell++) {
      const lower = upper + ((cells + 1) << 1);
      if (!isCellEmpty(upper, lower)) {
        const place = target + top * width + (cell << 4);
        gainCell(place, width, min(16, width - (cell << 4)), rows, upper, lower);
      }
      upper += 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function gainCell(
  place: usize,
  stride: i32,
  count: i32,
  rows: i32,
  upper: usize,
  lower: usize,
): void {
  const topLeft = <i32>load<i16>(upper);
  const topRight = <i32>load<i16>(upper, 2);
  const down = <i32>load<i16>(lower) - topLeft;
  const downRight = <i32>load<i16>(lower, 2) - topRight;
  for (let row = 0; row < rows; row++) {
    const gain = topLeft + ((down * row) >> 4);
    const step = (topRight + ((downRight * row) >> 4) - gain) >> 4;
    const pixels = v128.load(place);
    const gainsLeft = fractionRamp(gain, step);
    const gainsRight = i16x8.add(gainsLeft, i16x8.splat(<i16>(8 * step)));
    const left = gained(i16x8.extend_low_i8x16_u(pixels), gainsLeft);
    const right = gained(i16x8.extend_high_i8x16_u(pixels), gainsRight);
    storeSome(place, i8x16.narrow_i16x8_u(left, right), count);
    place += stride;
  }
}

// @ts-ignore: decorator
@inline
function gained(greys: v128, gains: v128): v128 {
  const lights = i16x8.shl(i16x8.sub(greys, i16x8.splat(black)), 7);
  const more = i16x8.q15mulr_sat_s(lights, gains);
  return i16x8.add(greys, i16x8.shr_s(i16x8.add(more, i16x8.splat(64)), 7));
}

/**
 * Draws a soft white disc, as a mote of dust out of focus: at distance d from its centre its
 * opacity is alpha·(1 - (d/radius)²)². Pixel centres lie at halves.
 */
export function drawDisc(
  target: usize,
  width: i32,
  height: i32,
  x: f32,
  y: f32,
  radius: f32,
  alpha: f32,
): void {
  const left = max(0, <i32>floor(x - radius));
  const right = min(width, <i32>ceil(x + radius));
  const bottom = min(height, <i32>ceil(y + radius));
  const inverse: f32 = 1.0 / (radius * radius);
  for (let row = max(0, <i32>floor(y - radius)); row < bottom; row++) {
    const offsetY = <f32>row + 0.5 - y;
    for (let column = left; column < right; column++) {
      const offsetX = <f32>column + 0.5 - x;
      const inside: f32 = 1.0 - (offsetX * offsetX + offsetY * offsetY) * inverse;
      if (inside <= 0.0) continue;
      const place = target + row * width + column;
      const grey = <f32>load<u8>(place);
      store<u8>(place, <u8>(grey + (white - grey) * alpha * inside * inside + 0.5));
    }
  }
}
