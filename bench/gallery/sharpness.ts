interface Size {
  readonly width: number;
  readonly height: number;
}

/** Slow waves that are taken for the camera's own move: a zoom makes edges softer. */
const waves = 4;

/**
 * How much the sharpness of a clip pumps: the root mean square of its frames' mean |Laplacian|
 * after the mean and the slow part are taken away, as a share of the mean.
 * @param ends whether the clip ends where it begins, or somewhere else (`animate-in`).
 */
export function measureFlicker(
  frames: readonly Uint8Array[],
  size: Size,
  ends: "where-it-begins" | "elsewhere" = "where-it-begins",
): number {
  const weights = { across: window(size.width), down: window(size.height) };
  const track = Float64Array.from(frames, (luma) => meanLaplacian(luma, size, weights));
  const mean = track.reduce((sum, value) => sum + value, 0) / track.length;
  let rest = track.map((value) => value - mean);
  for (let wave = 1; wave <= waves; wave++) {
    const basis = rest.map((_, at) => slowWave(wave, (at + 0.5) / rest.length, ends));
    const share =
      (2 / rest.length) * basis.reduce((sum, value, at) => sum + value * (rest[at] ?? 0), 0);
    rest = rest.map((value, at) => value - share * (basis[at] ?? 0));
  }
  const square = rest.reduce((sum, value) => sum + value * value, 0) / rest.length;
  return mean === 0 ? 0 : Math.sqrt(square) / mean;
}

/** Two harmonics of a period, or half waves, which may end elsewhere: both are orthogonal. */
function slowWave(wave: number, turn: number, ends: "where-it-begins" | "elsewhere"): number {
  if (ends === "elsewhere") return Math.cos(Math.PI * wave * turn);
  const angle = 2 * Math.PI * Math.ceil(wave / 2) * turn;
  return wave % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

/** Fades out towards the borders: an edge that enters or leaves the frame is no flicker. */
function window(length: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => Math.sin((Math.PI * (at + 0.5)) / length) ** 2);
}

function meanLaplacian(
  luma: Uint8Array,
  { width, height }: Size,
  { across, down }: { readonly across: Float64Array; readonly down: Float64Array },
): number {
  let sum = 0;
  for (let row = 1; row < height - 1; row++) {
    let inRow = 0;
    for (let column = 1; column < width - 1; column++) {
      const at = row * width + column;
      const around =
        (luma[at - 1] as number) +
        (luma[at + 1] as number) +
        (luma[at - width] as number) +
        (luma[at + width] as number);
      inRow += (across[column] as number) * Math.abs(4 * (luma[at] as number) - around);
    }
    sum += (down[row] as number) * inRow;
  }
  return sum / (0.25 * width * height);
}
