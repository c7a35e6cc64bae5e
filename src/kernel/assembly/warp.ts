import {
  columnRamp,
  columnsOf,
  endRow,
  gather,
  gatherEach,
  isGatherable,
  pairsOf,
  rounded,
  rowRamp,
  rowsOf,
  startRow,
  weightsOf,
} from "./sample";

/**
 * Draws one frame: every output pixel is a bilinear sample of the source plane at the place that
 * the mesh gives it. Cells are 16 luma pixels (8 chroma) square; along each row of a cell the
 * source position runs linearly from its left to its right edge.
 */

const lumaBits: i32 = 4;
const chromaBits: i32 = 3;

/** Bytes of one mesh vertex: x and y as 16.16 fixed point. */
export const vertexBytes: i32 = 8;

/** Where the last, partly used cell of a row is drawn before its pixels are copied. */
const lastCell = memory.data(16);

export function warpLuma(
  plane: usize,
  stride: i32,
  target: usize,
  width: i32,
  height: i32,
  mesh: usize,
): void {
  const cells = (width + 15) >> lumaBits;
  const meshStride = (cells + 1) * vertexBytes;
  const lastWidth = width - ((cells - 1) << lumaBits);
  for (let y = 0; y < height; y++) {
    const within = y & 15;
    let upper = mesh + (y >> lumaBits) * meshStride;
    let lower = upper + meshStride;
    let x = edge(upper, lower, within, lumaBits);
    let sourceY = edge(upper + 4, lower + 4, within, lumaBits);
    for (let cell = 1; cell <= cells; cell++) {
      upper += vertexBytes;
      lower += vertexBytes;
      const nextX = edge(upper, lower, within, lumaBits);
      const nextY = edge(upper + 4, lower + 4, within, lumaBits);
      const stepX = (nextX - x) >> lumaBits;
      const stepY = (nextY - sourceY) >> lumaBits;
      const pixels = sixteen(plane, stride, x, stepX, sourceY, stepY);
      if (cell < cells || lastWidth == 16) {
        v128.store(target, pixels);
        target += 16;
      } else {
        storeSome(target, pixels, lastWidth);
        target += lastWidth;
      }
      x = nextX;
      sourceY = nextY;
    }
  }
}

/** Both colour planes at once: they share positions, weights and shuffles. */
export function warpChroma(
  planeU: usize,
  planeV: usize,
  stride: i32,
  targetU: usize,
  targetV: usize,
  width: i32,
  height: i32,
  mesh: usize,
): void {
  const cells = (width + 7) >> chromaBits;
  const meshStride = (cells + 1) * vertexBytes;
  const lastWidth = width - ((cells - 1) << chromaBits);
  for (let y = 0; y < height; y++) {
    const within = y & 7;
    let upper = mesh + (y >> chromaBits) * meshStride;
    let lower = upper + meshStride;
    let x = edge(upper, lower, within, chromaBits);
    let sourceY = edge(upper + 4, lower + 4, within, chromaBits);
    for (let cell = 1; cell <= cells; cell++) {
      upper += vertexBytes;
      lower += vertexBytes;
      const nextX = edge(upper, lower, within, chromaBits);
      const nextY = edge(upper + 4, lower + 4, within, chromaBits);
      const stepX = (nextX - x) >> chromaBits;
      const stepY = (nextY - sourceY) >> chromaBits;
      const pixels = eightOfBoth(planeU, planeV, stride, x, stepX, sourceY, stepY);
      if (cell < cells || lastWidth == 8) {
        v128.store64_lane(targetU, pixels, 0);
        v128.store64_lane(targetV, pixels, 1);
        targetU += 8;
        targetV += 8;
      } else {
        v128.store(lastCell, pixels);
        memory.copy(targetU, lastCell, lastWidth);
        memory.copy(targetV, lastCell + 8, lastWidth);
        targetU += lastWidth;
        targetV += lastWidth;
      }
      x = nextX;
      sourceY = nextY;
    }
  }
}

/** The first `count` bytes of sixteen. */
// @ts-ignore: decorator
@inline
export function storeSome(target: usize, pixels: v128, count: i32): void {
  if (count == 16) {
    v128.store(target, pixels);
  } else if (count == 8) {
    v128.store64_lane(target, pixels, 0);
  } else {
    v128.store(lastCell, pixels);
    memory.copy(target, lastCell, count);
  }
}

/** A coordinate on the edge between two vertices, `within` rows below the upper one. */
// @ts-ignore: decorator
@inline
function edge(upper: usize, lower: usize, within: i32, bits: i32): i32 {
  const start = load<i32>(upper);
  return start + (((load<i32>(lower) - start) * within) >> bits);
}

/** Sixteen neighbouring pixels of one row. */
// @ts-ignore: decorator
@inline
export function sixteen(plane: usize, stride: i32, x: i32, stepX: i32, y: i32, stepY: i32): v128 {
  const middleX = x + 8 * stepX;
  const middleY = y + 8 * stepY;
  if (!isGatherable(stepX, stepY)) {
    const left = rounded(gatherEach(plane, stride, x, stepX, y, stepY));
    const right = rounded(gatherEach(plane, stride, middleX, stepX, middleY, stepY));
    return i8x16.narrow_i16x8_u(left, right);
  }
  const columns = columnRamp(stepX);
  const rows = rowRamp(stepY);
  const left = eight(plane, stride, x, columns, y, stepY, rows);
  const right = eight(plane, stride, middleX, columns, middleY, stepY, rows);
  return i8x16.narrow_i16x8_u(rounded(left), rounded(right));
}

// @ts-ignore: decorator
@inline
function eight(
  plane: usize,
  stride: i32,
  x: i32,
  columnSteps: v128,
  y: i32,
  stepY: i32,
  rowSteps: v128,
): v128 {
  const first = startRow(y);
  const last = endRow(y, stepY);
  const row = min(first, last);
  const columns = columnsOf(x, columnSteps);
  return gather(
    plane + row * stride + (x >> 16),
    stride,
    pairsOf(columns),
    weightsOf(columns),
    rowsOf(y, row, rowSteps),
    first != last,
  );
}

/** Eight pixels of U in the low half, of V in the high half. */
// @ts-ignore: decorator
@inline
export function eightOfBoth(
  planeU: usize,
  planeV: usize,
  stride: i32,
  x: i32,
  stepX: i32,
  y: i32,
  stepY: i32,
): v128 {
  if (!isGatherable(stepX, stepY)) {
    const u = rounded(gatherEach(planeU, stride, x, stepX, y, stepY));
    const v = rounded(gatherEach(planeV, stride, x, stepX, y, stepY));
    return i8x16.narrow_i16x8_u(u, v);
  }
  const first = startRow(y);
  const last = endRow(y, stepY);
  const row = min(first, last);
  const columns = columnsOf(x, columnRamp(stepX));
  const pairs = pairsOf(columns);
  const weights = weightsOf(columns);
  const rows = rowsOf(y, row, rowRamp(stepY));
  const offset = row * stride + (x >> 16);
  const u = gather(planeU + offset, stride, pairs, weights, rows, first != last);
  const v = gather(planeV + offset, stride, pairs, weights, rows, first != last);
  return i8x16.narrow_i16x8_u(rounded(u), rounded(v));
}
