import type { Box } from "../scene/plan.ts";

/** A face with its score, 0 to 1, and its box inside the picture. */
export interface Face {
  readonly box: Box;
  readonly score: number;
}

/** What the face net says of its square input, 896 anchors of 1 and of 16 numbers. */
export interface FaceOutputs {
  /** Before the logistic function. */
  readonly scores: ArrayLike<number>;
  /** Centre, size and six landmarks, in pixels of the input from the anchor. */
  readonly regressions: ArrayLike<number>;
}

/** The side of the net's input, in pixels. */
export const faceInputSide = 256;

/** Below this, patterns that look like faces begin. */
const scoreMin = 0.75;

/** Two boxes that share more than this of their union are one face. */
const overlapMax = 0.3;

const facesMax = 32;
const numbersPerAnchor = 16;

/**
 * The net's anchors, a row at a time: two at each place of a 16×16 grid, six of an 8×8 grid.
 * Source: the SSD anchors of MediaPipe's BlazeFace, back-camera model.
 */
const anchorGrids = [
  { side: 16, repeats: 2 },
  { side: 8, repeats: 6 },
] as const;

/**
 * Reads the faces out of what the net said, largest score first.
 * @param still size of the picture that was fitted into the middle of the square input.
 */
export function readFaces(
  { scores, regressions }: FaceOutputs,
  still: { readonly width: number; readonly height: number },
): readonly Face[] {
  const found: Face[] = [];
  anchors().forEach((anchor, at) => {
    const score = 1 / (1 + Math.exp(-(scores[at] ?? Number.NEGATIVE_INFINITY)));
    if (score < scoreMin) return;
    const number = (index: number) =>
      (regressions[at * numbersPerAnchor + index] ?? 0) / faceInputSide;
    const [width, height] = [number(2), number(3)];
    const left = anchor.x + number(0) - width / 2;
    const top = anchor.y + number(1) - height / 2;
    found.push({ score: rounded(score), box: unfit({ left, top, width, height }, still) });
  });
  return withoutRepeats(found.sort((one, other) => other.score - one.score));
}

function anchors(): readonly { readonly x: number; readonly y: number }[] {
  return anchorGrids.flatMap(({ side, repeats }) =>
    Array.from({ length: side * side * repeats }, (_, at) => {
      const cell = Math.floor(at / repeats);
      return { x: ((cell % side) + 0.5) / side, y: (Math.floor(cell / side) + 0.5) / side };
    }),
  );
}

/** From shares of the square input to shares of the picture in its middle. */
function unfit(box: Box, still: { readonly width: number; readonly height: number }): Box {
  const side = Math.max(still.width, still.height);
  const across = clip(box.left, box.width, side / still.width);
  const down = clip(box.top, box.height, side / still.height);
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

/** One axis: scaled about the middle, and cut at the picture's edges. */
function clip(start: number, length: number, scale: number) {
  const from = Math.max(0, (start - 0.5) * scale + 0.5);
  const to = Math.min(1, (start + length - 0.5) * scale + 0.5);
  return { start: rounded(from), length: rounded(Math.max(0, to - from)) };
}

function withoutRepeats(sorted: readonly Face[]): readonly Face[] {
  const kept: Face[] = [];
  for (const face of sorted) {
    if (kept.length === facesMax) break;
    if (kept.every(({ box }) => overlapOf(box, face.box) < overlapMax)) kept.push(face);
  }
  return kept;
}

/** The intersection of two boxes over their union. */
function overlapOf(one: Box, other: Box): number {
  const across =
    Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const down =
    Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  const shared = Math.max(0, across) * Math.max(0, down);
  return shared / (one.width * one.height + other.width * other.height - shared);
}

/** Machines add in different orders: the last digits say nothing. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
