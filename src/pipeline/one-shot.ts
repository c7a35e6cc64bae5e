import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { closeLoop } from "../loop/merge.ts";
import type { Seam } from "../loop/seam.ts";
import type { ClipInfo, Media } from "../media/media.ts";
import { inspectPicture } from "../media/picture.ts";
import type { MotionProvider } from "../providers/motion.ts";
import type { VisionProvider } from "../providers/vision.ts";
import type { Aspect, Mode, Motion } from "../scene/plan.ts";
import { withScratch } from "./scratch.ts";

export interface OneShotDeps {
  readonly media: Media;
  readonly vision: VisionProvider;
  readonly motion: MotionProvider;
  readonly measureSeam: (path: string, signal: AbortSignal) => Promise<Seam>;
  readonly scratchRoot: string;
}

export interface OneShotRequest {
  readonly sourcePath: string;
  readonly outputPath: string;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly aspect: Aspect;
  readonly durationSeconds: number;
  readonly seed: number;
  readonly prompt: string | undefined;
}

export interface OneShotOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (frames: number, framesTotal: number) => void;
}

export interface OneShotResult {
  readonly clip: ClipInfo;
  readonly bytes: number;
  /** Of a loop. */
  readonly seam: Seam | undefined;
}

/**
 * One still to one clip with no server: the pipeline's steps in their order, so that the bytes
 * are those that a server with the same seed and the same ffmpeg would serve.
 */
export async function animateOnce(
  deps: OneShotDeps,
  request: OneShotRequest,
  options: OneShotOptions,
): Promise<OneShotResult> {
  await inspectPicture(request.sourcePath);
  const { signal } = options;
  const { plan, prompt } = await deps.vision.describe({ ...request, brand: undefined }, signal);
  return withScratch(deps.scratchRoot, async (scratch) => {
    const rendered = scratch.path("clip.mp4");
    const isLoop = request.mode === "loop";
    const stage = isLoop ? "stage1" : "single";
    const motionRequest = { ...request, generationId: "one-shot", stage, prompt, plan } as const;
    await deps.motion.begin({ ...motionRequest, outputPath: rendered }, options);
    const seam = isLoop ? await deps.measureSeam(rendered, signal) : undefined;
    const finished = isLoop ? scratch.path("merged.mp4") : rendered;
    if (isLoop) await closeLoop(deps.media, { from: rendered, to: finished, signal });
    const clip = await deps.media.probe(finished, { signal });
    await moveInto(request.outputPath, finished);
    return { clip, bytes: Bun.file(request.outputPath).size, seam };
  });
}

/** Puts the finished file in its place in one step, from another file system too. */
async function moveInto(target: string, finished: string): Promise<void> {
  const beside = `${target}.${randomUUID().slice(0, 8)}.part`;
  try {
    await Bun.write(beside, Bun.file(finished));
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}
