import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { FrameEncoder, Media } from "../media/media.ts";
import { ambienceOf } from "./ambience-of.ts";
import { type Clip, type ClipPlan, createClip, planClip, readPicture } from "./clip.ts";
import type { RenderRequest, RenderResult } from "./render.ts";
import { lookAtStill } from "./sight.ts";

export interface RenderDeps {
  readonly kernel: Kernel;
  readonly media: Pick<Media, "encodeRaw">;
  /** Threads of the encoder. Its bytes depend on them. */
  readonly encoderThreads: number;
}

export interface RenderClipOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (frames: number, framesTotal: number) => void;
}

/** How often progress is told; more often would only wake up whoever listens. */
const framesPerReport = 5;

/**
 * Renders one clip on the calling thread, which it occupies: decode, fit, draw, encode. What it
 * wrote is gone when it fails. @throws AppError `source_unsupported`, `i2v_failed`, `cancelled`.
 */
export async function renderClip(
  deps: RenderDeps,
  request: RenderRequest,
  options: RenderClipOptions,
): Promise<RenderResult> {
  const plan = await planClip(request);
  const { width, height, frames } = plan;
  const { fps, outputPath } = request;
  const threads = deps.encoderThreads;
  throwIfCancelled(options.signal);
  // Before the still is decoded, which takes about as long as the encoder's start.
  const encoder = deps.media.encodeRaw(
    { path: outputPath, width, height, fps, threads },
    { signal: options.signal },
  );
  try {
    const clip = await openClip(deps.kernel, request, plan, options.signal);
    const framesHash = await encodeFrames(clip, encoder, options);
    await encoder.finish();
    return { width, height, fps, frames, framesHash };
  } catch (error) {
    await encoder.abort();
    throw error;
  }
}

/** Decodes the still, looks at it, and lays the camera's path. */
async function openClip(
  kernel: Kernel,
  request: RenderRequest,
  plan: ClipPlan,
  signal: AbortSignal,
): Promise<Clip> {
  const { isPage, scene, relief } = await lookAtStill(request, plan.window);
  throwIfCancelled(signal);
  const camera = isPage ? "page" : request.plan.camera;
  const picture = await readPicture(request, plan, camera);
  throwIfCancelled(signal);
  const { motion, mode, seed } = request;
  const { parallax } = request.plan;
  return createClip(kernel, picture, {
    ...plan,
    ...{ motion, mode, seed, camera },
    ...(parallax !== undefined && { parallax }),
    ...(relief && { depth: relief.depth, firmness: relief }),
    ...(scene && { ambience: ambienceOf(request, plan.window, scene) }),
  });
}

async function encodeFrames(
  clip: Clip,
  encoder: FrameEncoder,
  { signal, onProgress }: RenderClipOptions,
): Promise<string> {
  const hashes = new BigUint64Array(clip.frames);
  for (let index = 0; index < clip.frames; index++) {
    const frame = clip.draw(index);
    hashes[index] = Bun.hash.xxHash64(frame);
    await encoder.write(frame);
    // A write that does not have to wait would keep the request to cancel from being heard.
    await nextTurn();
    throwIfCancelled(signal);
    failpoint("during_render");
    const done = index + 1;
    if (done % framesPerReport === 0 || done === clip.frames) onProgress(done, clip.frames);
  }
  return new Bun.CryptoHasher("sha256").update(hashes).digest("hex");
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError("cancelled", "the render was cancelled");
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
