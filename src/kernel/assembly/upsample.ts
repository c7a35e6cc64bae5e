/**
 * Separable upsampling of a byte plane with the Catmull-Rom cubic: four taps, weights with 15
 * fractional bits. The plane needs a border of two readable pixels all round.
 */

/** One group of eight output columns: first source column, swizzle of the first tap, weights. */
const groupBytes: i32 = 96;
const swizzleOffset: usize = 16;
const weightsOffset: usize = 32;

/** One output row: first source row (i32), then four weights (i16). */
const rowBytes: i32 = 12;

/** Bytes of the table that `upsampleColumns` needs for `width` output columns. */
export function columnTableBytes(width: i32): i32 {
  return ((width + 7) >> 3) * groupBytes;
}

/** Bytes of the table that `upsampleRows` needs for `height` output rows. */
export function rowTableBytes(height: i32): i32 {
  return height * rowBytes;
}

/**
 * Widens each row from `sourceWidth` to `width` (no less). Writes whole groups of eight, so the
 * target's stride must be a multiple of 8.
 */
export function upsampleColumns(
  source: usize,
  sourceStride: i32,
  sourceWidth: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  table: usize,
): void {
  fillColumnTable(table, sourceWidth, width);
  const groups = (width + 7) >> 3;
  for (let y = 0; y < height; y++) {
    let group = table;
    for (let index = 0; index < groups; index++) {
      v128.store64_lane(target + (index << 3), columnGroup(source, group), 0);
      group += groupBytes;
    }
    source += sourceStride;
    target += targetStride;
  }
}

/** Heightens from `sourceHeight` to `height` (no less). Writes whole groups of eight as well. */
export function upsampleRows(
  source: usize,
  sourceStride: i32,
  sourceHeight: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  table: usize,
): void {
  fillRowTable(table, sourceHeight, height);
  for (let y = 0; y < height; y++) {
    const row = table + y * rowBytes;
    const rows = source + load<i32>(row) * sourceStride;
    const weight0 = i16x8.splat(load<i16>(row, 4));
    const weight1 = i16x8.splat(load<i16>(row, 6));
    const weight2 = i16x8.splat(load<i16>(row, 8));
    const weight3 = i16x8.splat(load<i16>(row, 10));
    for (let x = 0; x < width; x += 8) {
      const first = rows + x;
      const sum = sumOfTaps(
        weighed(v128.load8x8_u(first), weight0),
        weighed(v128.load8x8_u(first + sourceStride), weight1),
        weighed(v128.load8x8_u(first + 2 * sourceStride), weight2),
        weighed(v128.load8x8_u(first + 3 * sourceStride), weight3),
      );
      v128.store64_lane(target + x, sum, 0);
    }
    target += targetStride;
  }
}

// @ts-ignore: decorator
@inline
function columnGroup(source: usize, group: usize): v128 {
  const pixels = v128.load(source + load<i32>(group));
  const tap = v128.load(group, swizzleOffset);
  const step = i16x8.splat(1);
  const tap1 = i16x8.add(tap, step);
  const tap2 = i16x8.add(tap1, step);
  const tap3 = i16x8.add(tap2, step);
  return sumOfTaps(
    weighed(i8x16.swizzle(pixels, tap), v128.load(group, weightsOffset)),
    weighed(i8x16.swizzle(pixels, tap1), v128.load(group, weightsOffset + 16)),
    weighed(i8x16.swizzle(pixels, tap2), v128.load(group, weightsOffset + 32)),
    weighed(i8x16.swizzle(pixels, tap3), v128.load(group, weightsOffset + 48)),
  );
}

/** Grey levels by weights, times 128. */
// @ts-ignore: decorator
@inline
function weighed(greys: v128, weights: v128): v128 {
  return i16x8.q15mulr_sat_s(i16x8.shl(greys, 7), weights);
}

/**
 * Bytes of the weighted sum. It spans -4080 to 36720, too much for signed 16 bits: the sums wrap,
 * and taking off 128·128 (middle grey) brings every true value back into the signed range.
 */
// @ts-ignore: decorator
@inline
function sumOfTaps(tap0: v128, tap1: v128, tap2: v128, tap3: v128): v128 {
  const sum = i16x8.add(i16x8.add(tap0, tap1), i16x8.add(tap2, tap3));
  const centred = i16x8.shr_s(i16x8.add(sum, i16x8.splat(64 - 128 * 128)), 7);
  const grey = i16x8.add(centred, i16x8.splat(128));
  return i8x16.narrow_i16x8_u(grey, grey);
}

function fillColumnTable(table: usize, sourceWidth: i32, width: i32): void {
  const groups = (width + 7) >> 3;
  for (let index = 0; index < groups; index++) {
    const group = table + index * groupBytes;
    const first = firstTap(index << 3, sourceWidth, width);
    store<i32>(group, first);
    for (let lane = 0; lane < 8; lane++) {
      // Columns past the width are computed and overwritten later; they repeat the last one.
      const x = min((index << 3) + lane, width - 1);
      // The high byte selects nothing, which leaves a zero there.
      const selector = 0x8000 | (firstTap(x, sourceWidth, width) - first);
      store<u16>(group + swizzleOffset + (lane << 1), <u16>selector);
      for (let tap = 0; tap < 4; tap++) {
        const weight = tapWeight(x, tap, sourceWidth, width);
        store<i16>(group + weightsOffset + (tap << 4) + (lane << 1), <i16>weight);
      }
    }
  }
}

function fillRowTable(table: usize, sourceHeight: i32, height: i32): void {
  for (let y = 0; y < height; y++) {
    const row = table + y * rowBytes;
    store<i32>(row, firstTap(y, sourceHeight, height));
    for (let tap = 0; tap < 4; tap++) {
      store<i16>(row + 4 + (tap << 1), <i16>tapWeight(y, tap, sourceHeight, height));
    }
  }
}

/** Where output sample `x` lies in the source, pixel centres matched. */
function sourcePosition(x: i32, sourceSize: i32, size: i32): f64 {
  return ((<f64>x + 0.5) * <f64>sourceSize) / <f64>size - 0.5;
}

function firstTap(x: i32, sourceSize: i32, size: i32): i32 {
  return <i32>floor(sourcePosition(x, sourceSize, size)) - 1;
}

/** The weight of one tap. What rounding leaves over goes to the nearer middle tap. */
function tapWeight(x: i32, tap: i32, sourceSize: i32, size: i32): i32 {
  const position = sourcePosition(x, sourceSize, size);
  const fraction = position - floor(position);
  if (tap != (fraction < 0.5 ? 1 : 2)) return roundedWeight(tap, fraction);
  let rest = 32768;
  for (let other = 0; other < 4; other++) {
    if (other != tap) rest -= roundedWeight(other, fraction);
  }
  return min(rest, 32767);
}

function roundedWeight(tap: i32, fraction: f64): i32 {
  return <i32>nearest(32768.0 * catmullRom(tap, fraction));
}

/** The Catmull-Rom basis (Keys' cubic, a = -1/2) for a point at `f` between taps 1 and 2. */
function catmullRom(tap: i32, f: f64): f64 {
  if (tap == 0) return f * (-0.5 + f * (1.0 - 0.5 * f));
  if (tap == 1) return 1.0 + f * f * (-2.5 + 1.5 * f);
  if (tap == 2) return f * (0.5 + f * (2.0 - 1.5 * f));
  return f * f * (-0.5 + 0.5 * f);
}
