import { eightOfBoth, sixteen, storeSome, vertexBytes } from "./warp";

/**
 * Lays the second phase of a drift over a frame: as `warp`, but only in the cells where a vertex
 * has a share of it (15 fractional bits), and by that share, bilinear between the vertices.
 */

export function blendLuma(
  plane: usize,
  stride: i32,
  target: usize,
  width: i32,
  height: i32,
  mesh: usize,
  shares: usize,
): void {
  const cells = (width + 15) >> 4;
  for (let top = 0; top < height; top += 16) {
    const rows = min(16, height - top);
    for (let cell = 0; cell < cells; cell++) {
      const vertex = (top >> 4) * (cells + 1) + cell;
      const upper = shares + (vertex << 1);
      const lower = upper + ((cells + 1) << 1);
      if (isCellEmpty(upper, lower)) continue;
      const corner = mesh + vertex * vertexBytes;
      const below = corner + (cells + 1) * vertexBytes;
      const place = target + top * width + (cell << 4);
      const count = min(16, width - (cell << 4));
      blendCell(plane, stride, place, width, count, rows, corner, below, upper, lower);
    }
  }
}

/** Corners are read once a cell: the compiler cannot know that drawing leaves them as they are. */
// @ts-ignore: decorator
@inline
function blendCell(
  plane: usize,
  stride: i32,
  place: usize,
  width: i32,
  count: i32,
  rows: i32,
  corner: usize,
  below: usize,
  upper: usize,
  lower: usize,
): void {
  const leftX = load<i32>(corner);
  const leftY = load<i32>(corner, 4);
  const rightX = load<i32>(corner, vertexBytes);
  const rightY = load<i32>(corner, vertexBytes + 4);
  const downLeftX = load<i32>(below) - leftX;
  const downLeftY = load<i32>(below, 4) - leftY;
  const downRightX = load<i32>(below, vertexBytes) - rightX;
  const downRightY = load<i32>(below, vertexBytes + 4) - rightY;
  for (let row = 0; row < rows; row++) {
    const x = leftX + ((downLeftX * row) >> 4);
    const y = leftY + ((downLeftY * row) >> 4);
    const stepX = (rightX + ((downRightX * row) >> 4) - x) >> 4;
    const stepY = (rightY + ((downRightY * row) >> 4) - y) >> 4;
    const pixels = sixteen(plane, stride, x, stepX, y, stepY);
    const share = fractionEdge(upper, lower, row, 4);
    const step = (fractionEdge(upper + 2, lower + 2, row, 4) - share) >> 4;
    const sharesLeft = fractionRamp(share, step);
    const sharesRight = i16x8.add(sharesLeft, i16x8.splat(<i16>(8 * step)));
    const behind = v128.load(place);
    const left = mixed(
      i16x8.extend_low_i8x16_u(behind),
      i16x8.extend_low_i8x16_u(pixels),
      sharesLeft,
    );
    const right = mixed(
      i16x8.extend_high_i8x16_u(behind),
      i16x8.extend_high_i8x16_u(pixels),
      sharesRight,
    );
    storeSome(place, i8x16.narrow_i16x8_u(left, right), count);
    place += width;
  }
}

/** The same for both colour planes, whose cells are 8 pixels square. */
export function blendChroma(
  planeU: usize,
  planeV: usize,
  stride: i32,
  targetU: usize,
  targetV: usize,
  width: i32,
  height: i32,
  mesh: usize,
  shares: usize,
): void {
  const cells = (width + 7) >> 3;
  for (let top = 0; top < height; top += 8) {
    const rows = min(8, height - top);
    for (let cell = 0; cell < cells; cell++) {
      const vertex = (top >> 3) * (cells + 1) + cell;
      const upper = shares + (vertex << 1);
      const lower = upper + ((cells + 1) << 1);
      if (isCellEmpty(upper, lower)) continue;
      const corner = mesh + vertex * vertexBytes;
      const below = corner + (cells + 1) * vertexBytes;
      const leftX = load<i32>(corner);
      const leftY = load<i32>(corner, 4);
      const rightX = load<i32>(corner, vertexBytes);
      const rightY = load<i32>(corner, vertexBytes + 4);
      const downLeftX = load<i32>(below) - leftX;
      const downLeftY = load<i32>(below, 4) - leftY;
      const downRightX = load<i32>(below, vertexBytes) - rightX;
      const downRightY = load<i32>(below, vertexBytes + 4) - rightY;
      const count = min(8, width - (cell << 3));
      for (let row = 0; row < rows; row++) {
        const x = leftX + ((downLeftX * row) >> 3);
        const y = leftY + ((downLeftY * row) >> 3);
        const stepX = (rightX + ((downRightX * row) >> 3) - x) >> 3;
        const stepY = (rightY + ((downRightY * row) >> 3) - y) >> 3;
        const pixels = eightOfBoth(planeU, planeV, stride, x, stepX, y, stepY);
        const offset = (top + row) * width + (cell << 3);
        const share = fractionEdge(upper, lower, row, 3);
        const step = (fractionEdge(upper + 2, lower + 2, row, 3) - share) >> 3;
        const weights = fractionRamp(share, step);
        const behindU = v128.load8x8_u(targetU + offset);
        const behindV = v128.load8x8_u(targetV + offset);
        const u = mixed(behindU, i16x8.extend_low_i8x16_u(pixels), weights);
        const v = mixed(behindV, i16x8.extend_high_i8x16_u(pixels), weights);
        storeSome(targetU + offset, i8x16.narrow_i16x8_u(u, u), count);
        storeSome(targetV + offset, i8x16.narrow_i16x8_u(v, v), count);
      }
    }
  }
}

/** From one grey level to another by a weight of 15 fractional bits, rounded. */
// @ts-ignore: decorator
@inline
function mixed(from: v128, to: v128, weights: v128): v128 {
  const towards = i16x8.q15mulr_sat_s(i16x8.shl(i16x8.sub(to, from), 7), weights);
  return i16x8.add(from, i16x8.shr_s(i16x8.add(towards, i16x8.splat(64)), 7));
}

/** Whether the fractions of all four vertices of a cell are 0. */
// @ts-ignore: decorator
@inline
export function isCellEmpty(upper: usize, lower: usize): bool {
  return (load<u32>(upper) | load<u32>(lower)) == 0;
}

/** A fraction on the edge between two vertices, `within` rows below the upper one. */
// @ts-ignore: decorator
@inline
export function fractionEdge(upper: usize, lower: usize, within: i32, bits: i32): i32 {
  const start = <i32>load<i16>(upper);
  return start + (((<i32>load<i16>(lower) - start) * within) >> bits);
}

/** Fractions of eight neighbouring pixels. */
// @ts-ignore: decorator
@inline
export function fractionRamp(start: i32, step: i32): v128 {
  const steps = i16x8.mul(i16x8.splat(<i16>step), i16x8(0, 1, 2, 3, 4, 5, 6, 7));
  return i16x8.add(i16x8.splat(<i16>start), steps);
}
