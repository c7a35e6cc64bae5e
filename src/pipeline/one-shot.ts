import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { closeLoop } from "../loop/merge.ts";
import type { Seam } from "../loop/seam.ts";
import type { ClipInfo, Media } from "../media/media.ts";
import { inspectPicture } from "../media/picture/picture.ts";
import { makeRendition } from "../media/rendition.ts";
import type { RenditionFormat } from "../media/rendition-format.ts";
import type { MotionProvider } from "../providers/motion.ts";
import type { VisionProvider, VisionResult } from "../providers/vision.ts";
import type { Aspect, Mode, Motion } from "../scene/plan.ts";
import { type Scratch, withScratch } from "./scratch.ts";

export interface OneShotDeps {
  readonly media: Media;
  readonly vision: VisionProvider;
  readonly motion: MotionProvider;
  readonly measureSeam: (path: string, signal: AbortSignal) => Promise<Seam>;
  readonly scratchRoot: string;
}

export interface OneShotRequest {
  readonly sourcePath: string;
  /** The clip, and what else is to be made of it; at least one. */
  readonly outputs: readonly OneShotOutput[];
  readonly motion: Motion;
  readonly mode: Mode;
  readonly aspect: Aspect;
  readonly durationSeconds: number;
  readonly seed: number;
  readonly prompt: string | undefined;
}

export interface OneShotOutput {
  readonly format: "mp4" | RenditionFormat;
  readonly path: string;
}

export interface OneShotOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (frames: number, framesTotal: number) => void;
  /** Looks at the finished clip while it is still where it was made; what it throws counts. */
  readonly inspect?: (finished: FinishedClip) => Promise<void>;
}

export interface FinishedClip {
  /** The mp4, gone when `inspect` has returned. */
  readonly path: string;
  readonly clip: ClipInfo;
  readonly vision: VisionResult;
}

export interface OneShotResult {
  /** The mp4 that was made, also where it was only wanted in another form. */
  readonly clip: ClipInfo;
  /** In the order of the request. */
  readonly files: readonly MadeFile[];
  /** Of a loop. */
  readonly seam: Seam | undefined;
  readonly vision: VisionResult;
}

export interface MadeFile extends OneShotOutput {
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

/**
 * One still to one clip with no server: the pipeline's steps in their order, so that the bytes
 * are those that a server with the same seed and the same ffmpeg would serve. Files appear when
 * all of them are made.
 */
export async function animateOnce(
  deps: OneShotDeps,
  request: OneShotRequest,
  options: OneShotOptions,
): Promise<OneShotResult> {
  await inspectPicture(request.sourcePath);
  const { signal, onProgress } = options;
  const vision = await deps.vision.describe({ ...request, brand: undefined }, signal);
  return withScratch(deps.scratchRoot, async (scratch) => {
    const rendered = scratch.path("clip.mp4");
    const isLoop = request.mode === "loop";
    const stage = isLoop ? "stage1" : "single";
    const motionRequest = { ...request, generationId: "one-shot", stage, ...vision } as const;
    const context = onProgress ? { signal, onProgress } : { signal };
    await deps.motion.begin({ ...motionRequest, outputPath: rendered }, context);
    const seam = isLoop ? await deps.measureSeam(rendered, signal) : undefined;
    const finished = isLoop ? scratch.path("merged.mp4") : rendered;
    if (isLoop) await closeLoop(deps.media, { from: rendered, to: finished, signal });
    const clip = await deps.media.probe(finished, { signal });
    const made = await makeFiles(deps.media, { request, scratch, finished, clip, signal });
    await options.inspect?.({ path: finished, clip, vision });
    const files: MadeFile[] = [];
    for (const { from, file } of made) {
      await moveInto(file.path, from);
      files.push({ ...file, bytes: Bun.file(file.path).size });
    }
    return { clip, files, seam, vision };
  });
}

interface Making {
  readonly request: OneShotRequest;
  readonly scratch: Scratch;
  readonly finished: string;
  readonly clip: ClipInfo;
  readonly signal: AbortSignal;
}

async function makeFiles(
  media: Media,
  { request, scratch, finished, clip, signal }: Making,
): Promise<readonly { readonly from: string; readonly file: Omit<MadeFile, "bytes"> }[]> {
  const made = [];
  for (const { format, path } of request.outputs) {
    if (format === "mp4") {
      made.push({ from: finished, file: { format, path, width: clip.width, height: clip.height } });
      continue;
    }
    const to = scratch.path(`rendition.${format}`);
    const loops = request.mode !== "animate-in";
    const rendition = { from: finished, to, format, loops, signal };
    const { width, height } = await makeRendition(media, rendition);
    made.push({ from: to, file: { format, path, width, height } });
  }
  return made;
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
