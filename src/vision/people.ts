import type { Box, CoarseMap } from "../scene/plan.ts";

/** The sides of the net's input and of the map that a plan carries, in pixels. */
export const peopleInputSide = 256;
const mapSide = 128;

/** A face of which less than this is marked was missed: the net knows people close up best. */
const faceCoverMin = 0.3;

/** How far a head and its hair reach beyond the box of its face. */
const headScale = 1.6;

export interface People {
  readonly map: CoarseMap;
  /** Round all that is marked; undefined where nothing is. */
  readonly box: Box | undefined;
}

/**
 * Where people are, of the whole still: what the net marked, and an ellipse round each face of
 * which it marked too little.
 * @param marked how much each pixel of a square of `peopleInputSide` is a person, 0 to 1.
 */
export function mapPeople(marked: ArrayLike<number>, faces: readonly Box[]): People {
  const levels = shrink(marked);
  for (const face of faces) {
    if (coverOf(levels, face) < faceCoverMin) addEllipse(levels, face);
  }
  const bytes = Uint8Array.from(levels, (level) => Math.round(255 * level));
  const map = { width: mapSide, height: mapSide, bytes: Buffer.from(bytes).toString("base64") };
  return { map, box: boundsOf(levels) };
}

/** The mean of each block of pixels. */
function shrink(marked: ArrayLike<number>): Float32Array {
  const step = peopleInputSide / mapSide;
  return Float32Array.from({ length: mapSide * mapSide }, (_, at) => {
    const [left, top] = [(at % mapSide) * step, Math.floor(at / mapSide) * step];
    let total = 0;
    for (let y = top; y < top + step; y++) {
      for (let x = left; x < left + step; x++) total += marked[y * peopleInputSide + x] ?? 0;
    }
    return total / (step * step);
  });
}

function coverOf(levels: Float32Array, face: Box): number {
  const inside = [...levels].filter((_, at) => {
    const [x, y] = [((at % mapSide) + 0.5) / mapSide, (Math.floor(at / mapSide) + 0.5) / mapSide];
    const isAcross = x >= face.left && x <= face.left + face.width;
    return isAcross && y >= face.top && y <= face.top + face.height;
  });
  return inside.reduce((total, level) => total + level, 0) / Math.max(1, inside.length);
}

function addEllipse(levels: Float32Array, { left, top, width, height }: Box): void {
  for (let at = 0; at < levels.length; at++) {
    const x = ((at % mapSide) + 0.5) / mapSide - (left + width / 2);
    const y = (Math.floor(at / mapSide) + 0.5) / mapSide - (top + height / 2);
    const isInside = Math.hypot((2 * x) / width, (2 * y) / height) <= headScale;
    if (isInside) levels[at] = 1;
  }
}

function boundsOf(levels: Float32Array): Box | undefined {
  let [left, top, right, bottom] = [mapSide, mapSide, -1, -1];
  levels.forEach((level, at) => {
    if (level < 0.5) return;
    const [x, y] = [at % mapSide, Math.floor(at / mapSide)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return undefined;
  return {
    left: left / mapSide,
    top: top / mapSide,
    width: (right - left + 1) / mapSide,
    height: (bottom - top + 1) / mapSide,
  };
}
