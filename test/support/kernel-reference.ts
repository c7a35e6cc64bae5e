/** The kernel's promises as plain loops over numbers: slow, and short enough to be believed. */

export interface GreyPlane {
  readonly samples: Uint8Array | Float64Array;
  readonly width: number;
  readonly height: number;
}

/** Full-range RGB to limited-range BT.709, without rounding. */
export function bt709(red: number, green: number, blue: number) {
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {
    y: 16 + (219 / 255) * luma,
    u: 128 + ((224 / 255) * (blue - luma)) / (2 * (1 - 0.0722)),
    v: 128 + ((224 / 255) * (red - luma)) / (2 * (1 - 0.2126)),
  };
}

/** A tight RGB picture as three planes; a chroma sample is the mean of its four pixels. */
export function rgbToPlanes(rgb: Uint8Array, width: number, height: number) {
  const y = new Float64Array(width * height);
  const u = new Float64Array((width * height) / 4);
  const v = new Float64Array((width * height) / 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 3;
      const colour = bt709(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
      const chroma = (row >> 1) * (width / 2) + (column >> 1);
      y[row * width + column] = colour.y;
      u[chroma] = (u[chroma] ?? 0) + colour.u / 4;
      v[chroma] = (v[chroma] ?? 0) + colour.v / 4;
    }
  }
  return { y, u, v };
}

/** A plane enlarged by the Catmull-Rom cubic: first wide, then high, clipped after each. */
export function enlarge(plane: GreyPlane, width: number, height: number): GreyPlane {
  const wide = new Float64Array(width * plane.height);
  for (let index = 0; index < wide.length; index++) {
    const row = Math.floor(index / width);
    const position = (((index % width) + 0.5) * plane.width) / width - 0.5;
    wide[index] = cubicAt((tap) => sampleAt(plane, tap, row), position);
  }
  const widened = { samples: wide, width, height: plane.height };
  const samples = new Float64Array(width * height);
  for (let index = 0; index < samples.length; index++) {
    const position = ((Math.floor(index / width) + 0.5) * plane.height) / height - 0.5;
    samples[index] = cubicAt((tap) => sampleAt(widened, index % width, tap), position);
  }
  return { samples, width, height };
}

function cubicAt(tapAt: (index: number) => number, position: number): number {
  const first = Math.floor(position) - 1;
  let sum = 0;
  for (let tap = first; tap < first + 4; tap++) sum += keys(position - tap) * tapAt(tap);
  return Math.min(255, Math.max(0, sum));
}

/** Keys' cubic convolution kernel with a = -1/2. */
function keys(distance: number): number {
  const t = Math.abs(distance);
  if (t < 1) return 1 - 2.5 * t * t + 1.5 * t * t * t;
  return t < 2 ? 2 - 4 * t + 2.5 * t * t - 0.5 * t * t * t : 0;
}

/** A bilinear sample, borders repeated. */
export function bilinearAt(plane: GreyPlane, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [weightX, weightY] = [x - left, y - top];
  const upper = mix(sampleAt(plane, left, top), sampleAt(plane, left + 1, top), weightX);
  const lower = mix(sampleAt(plane, left, top + 1), sampleAt(plane, left + 1, top + 1), weightX);
  return mix(upper, lower, weightY);
}

function sampleAt({ samples, width, height }: GreyPlane, x: number, y: number): number {
  const column = Math.min(width - 1, Math.max(0, x));
  const row = Math.min(height - 1, Math.max(0, y));
  return samples[row * width + column] ?? 0;
}

/**
 * A frame drawn through a mesh of 16.16 vertices, `cellSize` output pixels apart: positions run
 * linearly between the corners of a cell.
 */
export function warp(
  plane: GreyPlane,
  mesh: Int32Array,
  cellSize: number,
  width: number,
  height: number,
): Float64Array {
  const frame = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sourceX, sourceY] = positionInMesh(mesh, cellSize, width, x, y);
      frame[y * width + x] = bilinearAt(plane, sourceX, sourceY);
    }
  }
  return frame;
}

/** Where in the source an output pixel comes from. */
export function positionInMesh(
  mesh: Int32Array,
  cellSize: number,
  width: number,
  x: number,
  y: number,
): readonly [x: number, y: number] {
  const columns = Math.ceil(width / cellSize) + 1;
  const [column, row] = [Math.floor(x / cellSize), Math.floor(y / cellSize)];
  const [shareX, shareY] = [x / cellSize - column, y / cellSize - row];
  const coordinate = (axis: 0 | 1) => {
    const vertex = (cornerX: number, cornerY: number) =>
      (mesh[((row + cornerY) * columns + column + cornerX) * 2 + axis] ?? 0) / 65536;
    const upper = mix(vertex(0, 0), vertex(1, 0), shareX);
    const lower = mix(vertex(0, 1), vertex(1, 1), shareX);
    return mix(upper, lower, shareY);
  };
  return [coordinate(0), coordinate(1)];
}

/** Numbers of a mesh's vertices, bilinear over its cells: one a pixel. */
export function spreadOverCells(
  vertices: Int16Array,
  cellSize: number,
  width: number,
  height: number,
): Float64Array {
  const columns = Math.ceil(width / cellSize) + 1;
  return Float64Array.from({ length: width * height }, (_, index) => {
    const [x, y] = [(index % width) / cellSize, Math.floor(index / width) / cellSize];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const at = (right: number, down: number) =>
      (vertices[(row + down) * columns + column + right] ?? 0) / 32768;
    const upper = mix(at(0, 0), at(1, 0), x - column);
    return mix(upper, mix(at(0, 1), at(1, 1), x - column), y - row);
  });
}

/** One frame over another, by a share that vertices give; 15 fractional bits. */
export function blend(below: Uint8Array, above: Float64Array, shares: Float64Array): Float64Array {
  return Float64Array.from(below, (grey, at) => mix(grey, above[at] ?? 0, shares[at] ?? 0));
}

/** Luma brightened, black staying black. */
export function brighten(luma: Uint8Array, gains: Float64Array): Float64Array {
  return Float64Array.from(luma, (grey, at) => {
    return Math.min(255, Math.max(0, grey + (grey - 16) * (gains[at] ?? 0)));
  });
}

/** A frame with a soft white disc on it. */
export function overlayDisc(
  luma: Uint8Array,
  width: number,
  disc: { readonly x: number; readonly y: number; readonly radius: number; readonly alpha: number },
): Float64Array {
  return Float64Array.from(luma, (grey, index) => {
    const offsetX = (index % width) + 0.5 - disc.x;
    const offsetY = Math.floor(index / width) + 0.5 - disc.y;
    const inside = Math.max(0, 1 - (offsetX ** 2 + offsetY ** 2) / disc.radius ** 2);
    return grey + (235 - grey) * disc.alpha * inside ** 2;
  });
}

function mix(from: number, to: number, weight: number): number {
  return from + (to - from) * weight;
}

/** The largest absolute difference between two rows of samples of one length. */
export function differenceMax(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < left.length; index++) {
    const difference = Math.abs((left[index] ?? 0) - (right[index] ?? 0));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
