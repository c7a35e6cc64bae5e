import type { StraightLine } from "./line.ts";

/** Where brightness or colour changes, how much, and in which direction as a unit vector. */
export interface Gradient {
  readonly width: number;
  readonly strength: Float32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** How far the direction of an edge may differ from the line's, whichever side is the brighter. */
const toleranceCosine = Math.cos(Math.PI / 12);

/** An edge may be found this far beside the line, in samples. */
const reach = 1;

/** Of so many samples in a row so many must lie on an edge; in mere texture half of them do. */
const stretch = 12;
const supportMin = 9;

/** No line is longer than the diagonal of a thumbnail. */
const stepsMax = 340;

/**
 * Follows a line beyond its ends as far as there are edges along it. A mast that is darker than
 * the sky and brighter than the town behind it is one mast.
 */
export function extendLine(gradient: Gradient, line: StraightLine): StraightLine {
  const length = Math.hypot(line.toX - line.fromX, line.toY - line.fromY);
  const [stepX, stepY] = [(line.toX - line.fromX) / length, (line.toY - line.fromY) / length];
  const before = stepsBeyond(gradient, {
    x: line.fromX,
    y: line.fromY,
    stepX: -stepX,
    stepY: -stepY,
  });
  const after = stepsBeyond(gradient, { x: line.toX, y: line.toY, stepX, stepY });
  return {
    fromX: line.fromX - before * stepX,
    fromY: line.fromY - before * stepY,
    toX: line.toX + after * stepX,
    toY: line.toY + after * stepY,
  };
}

interface Walk {
  readonly x: number;
  readonly y: number;
  /** A unit vector. */
  readonly stepX: number;
  readonly stepY: number;
}

/** Samples from the end of a line to the last edge that belongs to it. */
function stepsBeyond(gradient: Gradient, walk: Walk): number {
  const supported: boolean[] = [];
  let last = 0;
  for (let step = 1; step <= stepsMax; step++) {
    const isEdge = liesOnEdge(gradient, walk, step);
    supported.push(isEdge);
    if (isEdge) last = step;
    const recent = supported.slice(-stretch);
    if (recent.length < stretch) continue;
    if (recent.filter((each) => each).length < supportMin) {
      return step === stretch ? 0 : Math.max(0, Math.min(last, step - stretch / 2));
    }
  }
  return last;
}

function liesOnEdge(
  { width, strength, x: gradientX, y: gradientY }: Gradient,
  { x, y, stepX, stepY }: Walk,
  step: number,
): boolean {
  for (let beside = -reach; beside <= reach; beside++) {
    const column = Math.round(x + step * stepX - beside * stepY);
    const row = Math.round(y + step * stepY + beside * stepX);
    const index = row * width + column;
    if (column < 0 || column >= width || (strength[index] ?? 0) === 0) continue;
    const across = (gradientX[index] as number) * -stepY + (gradientY[index] as number) * stepX;
    if (Math.abs(across) >= toleranceCosine) return true;
  }
  return false;
}
