import type { Point } from "../../src/scene/plan.ts";
import { positionInMesh } from "./kernel-reference.ts";

/** A mesh of the kernel with the sizes that give it a meaning. */
export interface TrackedMesh {
  readonly vertices: Int32Array;
  /** Of the frame, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the source plane. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

type Place = readonly [x: number, y: number];

/** Enough for a thousandth of a pixel: each step shrinks what is missing to a third or less. */
const steps = 16;

/** Where a place of the still, 0 to 1, is seen in the frame, in pixels; undefined outside. */
export function followPoint(mesh: TrackedMesh, { x, y }: Point): Place | undefined {
  const [wantedX, wantedY] = [x * mesh.sourceWidth - 0.5, y * mesh.sourceHeight - 0.5];
  const [scaleX, scaleY] = [mesh.width / mesh.sourceWidth, mesh.height / mesh.sourceHeight];
  let [frameX, frameY] = [x * mesh.width, y * mesh.height];
  for (let step = 0; step < steps; step++) {
    if (frameX < 0 || frameY < 0 || frameX > mesh.width - 1 || frameY > mesh.height - 1) {
      return undefined;
    }
    const [hereX, hereY] = positionInMesh(mesh.vertices, 16, mesh.width, frameX, frameY);
    frameX += (wantedX - hereX) * scaleX;
    frameY += (wantedY - hereY) * scaleY;
  }
  return [frameX, frameY];
}

/** Root mean square distance of what is seen of a line of the still from a straight one. */
export function bendInMesh(mesh: TrackedMesh, from: Point, to: Point): number {
  const count = 60;
  const places = Array.from({ length: count }, (_, index) => {
    const along = index / (count - 1);
    return followPoint(mesh, {
      x: from.x + (to.x - from.x) * along,
      y: from.y + (to.y - from.y) * along,
    });
  }).filter((place) => place !== undefined);
  if (places.length < 3) return 0;
  const [meanX, meanY] = [mean(places.map(([x]) => x)), mean(places.map(([, y]) => y))];
  const xx = mean(places.map(([x]) => (x - meanX) ** 2));
  const yy = mean(places.map(([, y]) => (y - meanY) ** 2));
  const xy = mean(places.map(([x, y]) => (x - meanX) * (y - meanY)));
  const root = Math.hypot((xx - yy) / 2, xy);
  return Math.sqrt(Math.max(0, (xx + yy) / 2 - root));
}

/**
 * Root mean square distance, in output pixels, of a box of the still from where the best shift,
 * turn and scale would put it.
 */
export function skewInMesh(
  mesh: TrackedMesh,
  box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  },
): number {
  const count = 12;
  const pairs = Array.from({ length: count ** 2 }, (_, index) => {
    const x = box.left + (box.width * (index % count)) / (count - 1);
    const y = box.top + (box.height * Math.floor(index / count)) / (count - 1);
    const seen = followPoint(mesh, { x, y });
    return seen && { still: [x * mesh.width, y * mesh.height] as const, seen };
  }).filter((pair) => pair !== undefined);
  const still = centred(pairs.map((pair) => pair.still));
  const seen = centred(pairs.map((pair) => pair.seen));
  let [dot, cross, square] = [0, 0, 0];
  for (const [index, [x, y]] of still.entries()) {
    const [seenX, seenY] = seen[index] ?? [0, 0];
    dot += x * seenX + y * seenY;
    cross += x * seenY - y * seenX;
    square += x * x + y * y;
  }
  const [cosine, sine] = [dot / square, cross / square];
  const squares = still.map(([x, y], index) => {
    const [seenX, seenY] = seen[index] ?? [0, 0];
    return (seenX - cosine * x + sine * y) ** 2 + (seenY - sine * x - cosine * y) ** 2;
  });
  return Math.sqrt(mean(squares));
}

function centred(places: readonly Place[]): readonly Place[] {
  const [meanX, meanY] = [mean(places.map(([x]) => x)), mean(places.map(([, y]) => y))];
  return places.map(([x, y]) => [x - meanX, y - meanY]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
