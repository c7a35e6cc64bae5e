/**
 * RGB to planar Y'CbCr 4:2:0, ITU-R BT.709, limited range (Y' 16 to 235, Cb and Cr 16 to 240).
 * Weights carry 15 fractional bits; those of Cb and Cr sum to 0, so that grey stays exactly grey.
 * A chroma sample is the mean of its four pixels, hence sited between them.
 */
const redToY: i16 = 5983;
const greenToY: i16 = 20127;
const blueToY: i16 = 2032;
const redToU: i16 = -3298;
const greenToU: i16 = -11094;
const blueToU: i16 = 14392;
const redToV: i16 = 14392;
const greenToV: i16 = -13073;
const blueToV: i16 = -1319;

/** `rgb` is tight, three bytes a pixel; `width` a multiple of 8, `height` even. */
export function rgbToYuv420(
  rgb: usize,
  width: i32,
  height: i32,
  planeY: usize,
  strideY: i32,
  planeU: usize,
  planeV: usize,
  strideUV: i32,
): void {
  const rgbStride = width * 3;
  for (let y = 0; y < height; y += 2) {
    let upper = rgb + y * rgbStride;
    let targetY = planeY + y * strideY;
    let targetU = planeU + (y >> 1) * strideUV;
    let targetV = planeV + (y >> 1) * strideUV;
    for (let x = 0; x < width; x += 8) {
      eightByTwo(upper, rgbStride, targetY, strideY, targetU, targetV);
      upper += 24;
      targetY += 8;
      targetU += 4;
      targetV += 4;
    }
  }
}

// @ts-ignore: decorator
@inline
function eightByTwo(
  upper: usize,
  rgbStride: i32,
  targetY: usize,
  strideY: i32,
  targetU: usize,
  targetV: usize,
): void {
  const lower = upper + rgbStride;
  const first = v128.load(upper);
  const second = v128.load(upper, 12);
  const third = v128.load(lower);
  const fourth = v128.load(lower, 12);
  v128.store64_lane(targetY, lumaOf(first, second), 0);
  v128.store64_lane(targetY + strideY, lumaOf(third, fourth), 0);

  const redGreenLeft = i16x8.add(redGreen(first), redGreen(third));
  const redGreenRight = i16x8.add(redGreen(second), redGreen(fourth));
  const blueLeft = i16x8.add(blueOnly(first), blueOnly(third));
  const blueRight = i16x8.add(blueOnly(second), blueOnly(fourth));
  v128.store32_lane(
    targetU,
    chromaOf(
      weigh(redGreenLeft, blueLeft, redToU, greenToU, blueToU),
      weigh(redGreenRight, blueRight, redToU, greenToU, blueToU),
    ),
    0,
  );
  v128.store32_lane(
    targetV,
    chromaOf(
      weigh(redGreenLeft, blueLeft, redToV, greenToV, blueToV),
      weigh(redGreenRight, blueRight, redToV, greenToV, blueToV),
    ),
    0,
  );
}

/** Four pixels' red and green as 16-bit pairs. */
// @ts-ignore: decorator
@inline
function redGreen(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
}

/** Four pixels' blue, each beside a zero. */
// @ts-ignore: decorator
@inline
function blueOnly(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
}

/** The weighted sum of each of four pixels, as 32-bit lanes. */
// @ts-ignore: decorator
@inline
function weigh(redGreenPairs: v128, blues: v128, red: i16, green: i16, blue: i16): v128 {
  const redGreenWeights = i16x8(red, green, red, green, red, green, red, green);
  const blueWeights = i16x8(blue, 0, blue, 0, blue, 0, blue, 0);
  return i32x4.add(
    i32x4.dot_i16x8_s(redGreenPairs, redGreenWeights),
    i32x4.dot_i16x8_s(blues, blueWeights),
  );
}

/** Eight luma bytes, in the low half. */
// @ts-ignore: decorator
@inline
function lumaOf(left: v128, right: v128): v128 {
  const offset = i32x4.splat((16 << 15) + (1 << 14));
  const low = weigh(redGreen(left), blueOnly(left), redToY, greenToY, blueToY);
  const high = weigh(redGreen(right), blueOnly(right), redToY, greenToY, blueToY);
  const lanes = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, offset), 15),
    i32x4.shr_s(i32x4.add(high, offset), 15),
  );
  return i8x16.narrow_i16x8_u(lanes, lanes);
}

/** Four chroma bytes, in the low quarter, from the weighted sums of eight columns of two rows. */
// @ts-ignore: decorator
@inline
function chromaOf(left: v128, right: v128): v128 {
  const even = v128.shuffle<i32>(left, right, 0, 2, 4, 6);
  const odd = v128.shuffle<i32>(left, right, 1, 3, 5, 7);
  const offset = i32x4.splat((128 << 17) + (1 << 16));
  const sums = i32x4.shr_s(i32x4.add(i32x4.add(even, odd), offset), 17);
  const lanes = i16x8.narrow_i32x4_s(sums, sums);
  return i8x16.narrow_i16x8_u(lanes, lanes);
}
