import type { AmbientFields } from "../kernel/ambience.ts";
import type { CameraPose, DepthMap, Kernel, Warp } from "../kernel/kernel.ts";
import type { RgbPicture } from "../kernel/planes.ts";
import { type Framing, frameStill } from "../scene/framing.ts";
import type { Box, Motion, Point } from "../scene/plan.ts";
import { measureStill, readStill } from "../scene/still.ts";
import { windowOf } from "../scene/window.ts";
import { type ClipAmbience, createAmbience } from "./ambience.ts";
import { type Camera, createCameraPath } from "./camera.ts";
import { fitZoom } from "./fit.ts";
import { limitParallax } from "./parallax-limit.ts";
import type { RenderRequest } from "./render.ts";
import type { Firmness } from "./sight.ts";

/** What is known of a clip before a pixel is decoded. */
export interface ClipPlan extends Framing {
  readonly frames: number;
  /** The subject's place in the crop, both axes 0 to 1. */
  readonly focal: Point;
  /** The crop as shares of the still. */
  readonly window: Box;
}

/** A clip whose frames can be drawn, in any order and as often as wanted. */
export interface Clip {
  readonly frames: number;
  /** One frame as yuv420p, in memory of the kernel: valid until the next one is drawn. */
  draw(frame: number): Uint8Array;
}

/**
 * Pixels read for one that is shown, a little fewer than the smallest zoom of a loop has; other
 * modes start or end at zoom 1, and a page is hardly zoomed. Where the two coincide, all of a frame
 * is sampled at one phase, and its sharpness pumps as the picture moves by parts of a pixel (3.1 %
 * of it where 0.8 % is left).
 */
const loopScale: { readonly [M in Motion]: number } = { subtle: 0.99, medium: 1, kinetic: 1.03 };
const stillScale = 0.97;

const nothingFirm: Firmness = { boxes: [], lines: [] };

/** A depth at which nothing parts. */
const level: DepthMap = { width: 2, height: 2, samples: new Float32Array(4).fill(0.5) };

/** Sizes and frames of the clip that is asked for. @throws AppError `source_unsupported`. */
export async function planClip(request: RenderRequest): Promise<ClipPlan> {
  const still = await measureStill(request.sourcePath);
  const { aspect, longSide, fps, durationSeconds } = request;
  const framing = frameStill({ still, aspect, longSide, focal: request.plan.focal });
  const { crop } = framing;
  return {
    ...framing,
    frames: fps * durationSeconds,
    window: windowOf(crop, still),
    focal: {
      x: share(request.plan.focal.x * still.width - crop.left, crop.width),
      y: share(request.plan.focal.y * still.height - crop.top, crop.height),
    },
  };
}

/** Decodes the still of a planned clip. @throws AppError `source_unsupported`. */
export function readPicture(
  request: RenderRequest,
  plan: ClipPlan,
  camera: Camera,
): Promise<RgbPicture> {
  const { motion, mode } = request;
  return readStill(request.sourcePath, plan.crop, pictureSize(plan, { motion, mode, camera }));
}

/** What decides how finely a still is read. */
export interface PictureUse extends Pick<RenderRequest, "motion" | "mode"> {
  readonly camera: Camera;
}

/**
 * The size at which a still is read: what the kernel takes, 16 by 8 pixels at a time, and never
 * more than there is. The kernel itself enlarges well, while libvips, when it enlarges, lets the
 * picture slip by half a pixel.
 */
export function pictureSize(
  { width, height, crop }: Framing,
  { motion, mode, camera }: PictureUse,
): { readonly width: number; readonly height: number } {
  const scale = mode === "loop" && camera !== "page" ? loopScale[motion] : stillScale;
  return {
    width: blocks(Math.min(width * scale, crop.width), 16),
    height: blocks(Math.min(height * scale, crop.height), 8),
  };
}

function blocks(size: number, block: number): number {
  return Math.max(block, block * Math.floor(size / block));
}

export interface ClipRequest extends Pick<RenderRequest, "motion" | "mode" | "seed"> {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly camera: Camera;
  readonly focal: Point;
  /** How near each part of the picture is; without it the picture moves as one sheet. */
  readonly depth?: DepthMap;
  /** How much of the preset's parallax is wanted, 0 to 1; all of it when not said. */
  readonly parallax?: number;
  /** What must not bend; nothing when not said. */
  readonly firmness?: Firmness;
  /** What may move by itself; nothing when not said. */
  readonly ambience?: ClipAmbience;
}

/** A picture in the kernel and the camera's way over it. */
export interface Shot {
  readonly warp: Warp;
  /** The share of the preset's parallax that is used: no more than keeps faces and lines. */
  readonly parallax: number;
  poseAt(frame: number): CameraPose;
}

/** Lays a camera path over a picture and fits it in. One clip at a time uses the kernel. */
export function createClip(kernel: Kernel, picture: RgbPicture, request: ClipRequest): Clip {
  const ambience = request.ambience && createAmbience({ ...request, ...request.ambience });
  const shot = layCamera(kernel, picture, request, ambience?.fields);
  return {
    frames: request.frames,
    draw: (frame) => shot.warp.draw(shot.poseAt(frame), ambience?.momentAt(frame)),
  };
}

/** The part of `createClip` that decides how the picture is bent. */
export function layCamera(
  kernel: Kernel,
  picture: RgbPicture,
  request: ClipRequest,
  ambience?: AmbientFields,
): Shot {
  const { width, height, motion, mode, frames, seed } = request;
  const isFlat = request.camera === "parallax" && request.depth === undefined;
  const camera = isFlat ? "flat" : request.camera;
  const depth = camera === "parallax" ? (request.depth ?? level) : level;
  const pivot = pivotOf(depth, request.focal);
  const view = { width, height, depth, pivot, ...(ambience && { ambience }) };
  const warp = kernel.load(picture, view);
  const pathWith = (parallax: number) =>
    createCameraPath({ camera, parallax, motion, mode, frames, seed, width });
  const { firmness = nothingFirm, parallax: wanted = 1 } = request;
  const limits = { view, warp, motion, firmness, parallax: wanted, pathWith };
  const parallax = camera === "parallax" ? limitParallax(limits) : 0;
  const path = pathWith(parallax);
  const extraZoom = fitZoom(path, warp);
  return { warp, parallax, poseAt: (frame) => path.poseAt(frame, extraZoom) };
}

/** The subject stays, and what is before and behind it moves; hardly so for the extremes. */
function pivotOf({ samples, width, height }: DepthMap, focal: Point): number {
  const column = Math.min(width - 1, Math.floor(focal.x * width));
  const row = Math.min(height - 1, Math.floor(focal.y * height));
  return 0.2 + 0.6 * (samples[row * width + column] ?? 0.5);
}

function share(offset: number, size: number): number {
  return Math.min(1, Math.max(0, offset / size));
}
