/** Harmonics of the clip that are taken for the camera's own move: a zoom makes edges softer. */
const harmonics = 2;

/**
 * How much the sharpness of a clip pumps: the root mean square of its frames' mean |Laplacian|
 * after the mean and the slow part are taken away, as a share of the mean.
 */
export function measureFlicker(
  frames: readonly Uint8Array[],
  size: { readonly width: number; readonly height: number },
): number {
  const track = Float64Array.from(frames, (luma) => meanLaplacian(luma, size));
  const mean = track.reduce((sum, value) => sum + value, 0) / track.length;
  let rest = track.map((value) => value - mean);
  for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
    for (const wave of [Math.cos, Math.sin]) {
      const basis = rest.map((_, at) => wave((2 * Math.PI * harmonic * at) / rest.length));
      const share =
        (2 / rest.length) * basis.reduce((sum, value, at) => sum + value * (rest[at] ?? 0), 0);
      rest = rest.map((value, at) => value - share * (basis[at] ?? 0));
    }
  }
  const square = rest.reduce((sum, value) => sum + value * value, 0) / rest.length;
  return mean === 0 ? 0 : Math.sqrt(square) / mean;
}

/** Of the middle of the frame: what enters and leaves at its edges is no flicker. */
function meanLaplacian(
  luma: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  const [left, top] = [Math.floor(width / 6), Math.floor(height / 6)];
  let sum = 0;
  for (let row = top; row < height - top; row++) {
    for (let column = left; column < width - left; column++) {
      const at = row * width + column;
      const around =
        (luma[at - 1] as number) +
        (luma[at + 1] as number) +
        (luma[at - width] as number) +
        (luma[at + width] as number);
      sum += Math.abs(4 * (luma[at] as number) - around);
    }
  }
  return sum / ((width - 2 * left) * (height - 2 * top));
}
