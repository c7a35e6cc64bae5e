import type { CameraPose, View, Warp } from "../kernel/kernel.ts";
import type { Motion } from "../scene/plan.ts";
import type { CameraPath } from "./camera.ts";
import { bendOf, skewOf } from "./firmness.ts";
import { fitZoom } from "./fit.ts";
import { leastJacobian } from "./jacobian.ts";
import type { Firmness } from "./sight.ts";

export interface ParallaxRequest {
  readonly view: View;
  readonly warp: Pick<Warp, "source" | "overflow" | "mesh">;
  readonly motion: Motion;
  readonly firmness: Firmness;
  /** The most parallax that is wanted, as a share of the preset's. */
  readonly parallax: number;
  /** The camera's path with so much of the preset's parallax. */
  pathWith(parallax: number): CameraPath;
}

/** The least change of area anywhere; below it, what is behind near things is visibly stretched. */
const jacobianMin = 0.45;

/** How far lines may bend and faces skew, in pixels of a frame whose long side is `longSide`. */
const deviationMax: { readonly [M in Motion]: number } = { subtle: 0.4, medium: 0.4, kinetic: 0.8 };
const longSide = 1280;

/** Frames of a clip that are looked at. */
const frameSamples = 16;

/** Deviations grow in proportion to the parallax, so that one round nearly always settles it. */
const roundsMax = 5;
const headroom = 0.97;

/**
 * The parallax at which nothing folds, faces stay rigid and straight lines straight, in all
 * frames: what is wanted, or less of it; 0 when even a little would bend too much.
 */
export function limitParallax(request: ParallaxRequest): number {
  let { parallax } = request;
  for (let round = 0; round < roundsMax && parallax > 0; round++) {
    const excess = excessOf(request, request.pathWith(parallax));
    if (excess <= 1) return parallax;
    parallax *= headroom / excess;
  }
  return 0;
}

/** How many times over its limit the worst of all frames is; 1 or less when none is over. */
function excessOf(request: ParallaxRequest, path: CameraPath): number {
  const extraZoom = fitZoom(path, request.warp);
  let excess = 0;
  for (let sample = 0; sample < frameSamples; sample++) {
    const frame = Math.floor((sample * path.frames) / frameSamples);
    const pose = path.poseAt(frame, extraZoom);
    excess = Math.max(excess, foldingOf(request, pose), bendingOf(request, pose));
  }
  return excess;
}

/** The area that a pose takes from a cell, as a share of what it may take. */
function foldingOf({ view, warp }: ParallaxRequest, pose: CameraPose): number {
  const { width: sourceWidth, height: sourceHeight } = warp.source;
  const { width, height } = view;
  const jacobian = leastJacobian(warp.mesh(pose), { width, height, sourceWidth, sourceHeight });
  const rigid = 1 / pose.zoom ** 2;
  return (rigid - jacobian) / Math.max(0.05, rigid - jacobianMin);
}

function bendingOf({ view, motion, firmness }: ParallaxRequest, pose: CameraPose): number {
  const limit = (deviationMax[motion] * Math.max(view.width, view.height)) / longSide;
  let worst = 0;
  for (const line of firmness.lines) worst = Math.max(worst, bendOf(view, pose, line));
  for (const box of firmness.boxes) worst = Math.max(worst, skewOf(view, pose, box));
  return worst / limit;
}
