/**
 * How evenly a picture moves: Gaussian dots are followed through a periodic clip, the smooth part
 * of each track (its mean and first harmonics) is taken away, and what is left is jitter. Its
 * second difference is what the eye sees: the acceleration that the camera never made.
 */

/** Standard deviation of a dot, and distance between two, in pixels of the frame. */
const dotSigma = 3.5;
const dotDistance = 60;

/** Half the side, and the standard deviation, of the window in which a dot is weighed. */
const windowReach = 13;
const windowSigma = 6;

/** A windowed centroid moves by this much less than its dot does. */
const centroidGain = (dotSigma ** 2 + windowSigma ** 2) / windowSigma ** 2;

const groundLevel = 30;
const dotLevel = 200;
const harmonics = 4;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Grey dots on a dark ground as they look at `frame` size, drawn as an RGB picture of `size`. */
export function drawDotChart(frame: Size, size: Size): Uint8Array {
  const pixels = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const frameX = ((x + 0.5) * frame.width) / size.width - 0.5;
      const frameY = ((y + 0.5) * frame.height) / size.height - 0.5;
      const offset = (y * size.width + x) * 3;
      pixels.fill(Math.round(chartAt(frameX, frameY)), offset, offset + 3);
    }
  }
  return pixels;
}

/** The chart as an expression of ffmpeg's `geq` filter. */
export const dotChartExpression = `${groundLevel}+${dotLevel}*exp(-(${["X", "Y"]
  .map((axis) => `pow(mod(${axis},${dotDistance})-${dotDistance / 2},2)`)
  .join("+")})/${2 * dotSigma ** 2})`;

function chartAt(x: number, y: number): number {
  const [offsetX, offsetY] = [x, y].map((at) => modulo(at, dotDistance) - dotDistance / 2);
  const distance = (offsetX ?? 0) ** 2 + (offsetY ?? 0) ** 2;
  return groundLevel + dotLevel * Math.exp(-distance / (2 * dotSigma ** 2));
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

export interface Jitter {
  /** How many dots stayed in view throughout. */
  readonly dots: number;
  /** Mean extent of their tracks, in pixels. */
  readonly travel: number;
  /** Root mean square of the second difference of what is left, in pixels a frame squared. */
  readonly accelerationNoise: number;
}

/** Measures the luma planes of one whole period of a clip of the dot chart. */
export function measureJitter(frames: readonly Uint8Array[], size: Size): Jitter {
  const tracks = startsOf(frames[0] ?? new Uint8Array(), size)
    .map((start) => followDot(frames, size, start))
    .filter((track) => track !== undefined);
  const axes = tracks.flatMap((track) => [
    Float64Array.from(track, ([x]) => x),
    Float64Array.from(track, ([, y]) => y),
  ]);
  const squares = axes.flatMap((axis) => secondDifferences(withoutHarmonics(axis)));
  const travels = axes.map((axis) => Math.max(...axis) - Math.min(...axis));
  return {
    dots: tracks.length,
    travel: mean(travels),
    accelerationNoise: Math.sqrt(mean(squares.map((difference) => difference ** 2))),
  };
}

type Place = readonly [x: number, y: number];

/** Where dots are in the first frame: pixels brighter than all others nearby. */
function startsOf(luma: Uint8Array, { width, height }: Size): readonly Place[] {
  const starts: Place[] = [];
  const edge = windowReach + 1;
  for (let y = edge; y < height - edge; y++) {
    for (let x = edge; x < width - edge; x++) {
      const here = luma[y * width + x] ?? 0;
      const isNew = starts.every(([otherX, otherY]) => Math.hypot(x - otherX, y - otherY) > 10);
      if (here > 120 && isNew && isPeak(luma, width, x, y)) starts.push([x, y]);
    }
  }
  return starts;
}

function isPeak(luma: Uint8Array, width: number, x: number, y: number): boolean {
  const here = luma[y * width + x] ?? 0;
  for (let row = -3; row <= 3; row++) {
    for (let column = -3; column <= 3; column++) {
      if ((luma[(y + row) * width + x + column] ?? 0) > here) return false;
    }
  }
  return true;
}

/** A dot's centre in each frame, or undefined when it leaves the view. */
function followDot(
  frames: readonly Uint8Array[],
  size: Size,
  start: Place,
): readonly Place[] | undefined {
  const track: Place[] = [];
  let place: Place | undefined = start;
  for (const luma of frames) {
    for (let round = 0; round < 8 && place; round++) place = closerToDot(luma, size, place);
    if (!place) return undefined;
    track.push(place);
  }
  return track;
}

function closerToDot(luma: Uint8Array, { width, height }: Size, [x, y]: Place): Place | undefined {
  const [column, row] = [Math.round(x), Math.round(y)];
  const reach = windowReach;
  if (column < reach || row < reach) return undefined;
  if (column + reach >= width || row + reach >= height) return undefined;
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let pixelY = row - reach; pixelY <= row + reach; pixelY++) {
    for (let pixelX = column - reach; pixelX <= column + reach; pixelX++) {
      const [offsetX, offsetY] = [pixelX - x, pixelY - y];
      const window = Math.exp(-(offsetX ** 2 + offsetY ** 2) / (2 * windowSigma ** 2));
      const grey = (luma[pixelY * width + pixelX] ?? 0) - 16 - (groundLevel * 219) / 255;
      const weight = Math.max(0, grey) * window;
      sum += weight;
      sumX += weight * offsetX;
      sumY += weight * offsetY;
    }
  }
  if (sum <= 0) return undefined;
  return [x + (centroidGain * sumX) / sum, y + (centroidGain * sumY) / sum];
}

/** What is left of a period without its mean and first harmonics, which are orthogonal. */
function withoutHarmonics(track: Float64Array): Float64Array {
  const count = track.length;
  let rest = track.map((value) => value - mean([...track]));
  for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
    for (const wave of [Math.cos, Math.sin]) {
      const basis = rest.map((_, index) => wave((2 * Math.PI * harmonic * index) / count));
      const share =
        (2 / count) * basis.reduce((sum, value, at) => sum + value * (rest[at] ?? 0), 0);
      rest = rest.map((value, at) => value - share * (basis[at] ?? 0));
    }
  }
  return rest;
}

function secondDifferences(values: Float64Array): readonly number[] {
  const at = (index: number) => values[index] ?? Number.NaN;
  return [...values.slice(2)].map((value, index) => value - 2 * at(index + 1) + at(index));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
