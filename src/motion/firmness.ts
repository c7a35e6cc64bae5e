import type { CameraPose, View } from "../kernel/kernel.ts";
import { sampleField } from "../scene/field/field.ts";
import type { Box, Point } from "../scene/plan.ts";
import type { Segment } from "./sight.ts";

/** Points along a line, and along each side of a box, that are followed. */
const pointsPerLine = 24;
const pointsPerSide = 7;

type Place = readonly [x: number, y: number];

/**
 * How far a straight line of the still bends in a frame: the root mean square distance of its
 * points from the line nearest to them, in output pixels.
 */
export function bendOf(view: View, pose: CameraPose, { from, to }: Segment): number {
  const shares = Array.from({ length: pointsPerLine }, (_, at) => (at + 0.5) / pointsPerLine);
  const places = shares
    .map((along) => ({ x: from.x + (to.x - from.x) * along, y: from.y + (to.y - from.y) * along }))
    .filter(isInside);
  if (places.length < 3) return 0;
  return distanceFromLine(places.map((place) => placeInFrame(view, pose, place)));
}

/**
 * How far a box of the still is from moving as one piece: the root mean square distance of its
 * points from where the best shift, turn and scale would put them, in output pixels.
 */
export function skewOf(view: View, pose: CameraPose, box: Box): number {
  const places = Array.from({ length: pointsPerSide ** 2 }, (_, index) => ({
    x: box.left + (box.width * (index % pointsPerSide)) / (pointsPerSide - 1),
    y: box.top + (box.height * Math.floor(index / pointsPerSide)) / (pointsPerSide - 1),
  })).filter(isInside);
  if (places.length < 3) return 0;
  const still = places.map(({ x, y }): Place => [x * view.width, y * view.height]);
  return distanceFromSimilarity(
    still,
    places.map((place) => placeInFrame(view, pose, place)),
  );
}

function isInside({ x, y }: Point): boolean {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/**
 * Where a point of the still comes to lie before the picture is turned, scaled and shifted as a
 * whole, which bends nothing. The camera says where a point of the frame comes from; for a point
 * of the still, whose depth is known, that can be solved for.
 */
function placeInFrame(view: View, pose: CameraPose, { x, y }: Point): Place {
  const relief = sampleField(view.depth, x, y) - view.pivot;
  const scale = 1 - pose.dolly * relief;
  return [
    ((x - 0.5) * view.width - pose.parallaxX * relief) / scale,
    ((y - 0.5) * view.height - pose.parallaxY * relief) / scale,
  ];
}

/** Total least squares: the smaller eigenvalue of the points' covariance. */
function distanceFromLine(places: readonly Place[]): number {
  const { spreadX, spreadY, product } = covarianceOf(places);
  const half = (spreadX + spreadY) / 2;
  const root = Math.hypot((spreadX - spreadY) / 2, product);
  return Math.sqrt(Math.max(0, half - root));
}

function covarianceOf(places: readonly Place[]) {
  const [meanX, meanY] = centreOf(places);
  let [spreadX, spreadY, product] = [0, 0, 0];
  for (const [x, y] of places) {
    spreadX += (x - meanX) ** 2 / places.length;
    spreadY += (y - meanY) ** 2 / places.length;
    product += ((x - meanX) * (y - meanY)) / places.length;
  }
  return { spreadX, spreadY, product };
}

/** Umeyama: Least-squares estimation of transformation parameters, 1991, in the plane. */
function distanceFromSimilarity(from: readonly Place[], to: readonly Place[]): number {
  const [fromX, fromY] = centreOf(from);
  const [toX, toY] = centreOf(to);
  let [dot, cross, square] = [0, 0, 0];
  for (const [index, [x, y]] of from.entries()) {
    const [otherX, otherY] = to[index] as Place;
    const [a, b, c, d] = [x - fromX, y - fromY, otherX - toX, otherY - toY];
    dot += a * c + b * d;
    cross += a * d - b * c;
    square += a * a + b * b;
  }
  const [cosine, sine] = [dot / square, cross / square];
  let sum = 0;
  for (const [index, [x, y]] of from.entries()) {
    const [otherX, otherY] = to[index] as Place;
    const [a, b] = [x - fromX, y - fromY];
    sum += (otherX - toX - (cosine * a - sine * b)) ** 2;
    sum += (otherY - toY - (sine * a + cosine * b)) ** 2;
  }
  return Math.sqrt(sum / from.length);
}

function centreOf(places: readonly Place[]): Place {
  let [x, y] = [0, 0];
  for (const place of places) {
    x += place[0] / places.length;
    y += place[1] / places.length;
  }
  return [x, y];
}
