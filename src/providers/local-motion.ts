import type { Engine, RenderRequest } from "../motion/render.ts";
import type { MotionEstimate, MotionProvider, MotionRequest } from "./motion.ts";

/**
 * The clip's long side in pixels and its frame rate, unless a test or the command line asks less.
 */
export const localLongSide = 1280;
export const localFps = 30;

/** How the engine is opened wherever clips must have the same bytes: these decide them, too. */
export const localEngine = { encoderThreads: 4, idleMs: 30_000 } as const;

/** Long enough for 8 s on one slow core; the stage's own limit is longer. */
const renderTimeoutMs = 240_000;

export interface LocalMotionDeps {
  readonly engine: Engine;
  readonly longSide?: number;
}

/** What is known of it before it is opened. */
export const localEstimate: MotionEstimate = {
  name: "local",
  etaMs: (mode, durationSeconds) => (mode === "loop" ? 2_000 : 1_000) + 1_000 * durationSeconds,
};

/** Clips from our own engine on this machine's CPU. Free, and a loop closes by construction. */
export function createLocalMotion(deps: LocalMotionDeps): MotionProvider {
  return {
    ...localEstimate,
    model: "local",
    async begin(request, context) {
      await deps.engine.render(renderRequestOf(request, deps.longSide ?? localLongSide), {
        ...context,
        timeoutMs: renderTimeoutMs,
      });
      return { state: "done", costUsdMicros: 0 };
    },
    // A crash takes the renderer with it, so there is never anything to go on with: begin again.
    resume(_reference, request, context) {
      return this.begin(request, context);
    },
    async cancel() {},
  };
}

/** What the engine is asked for: the same for a job, and for one clip on the command line. */
export function renderRequestOf(request: MotionRequest, longSide: number): RenderRequest {
  return {
    sourcePath: request.sourcePath,
    outputPath: request.outputPath,
    motion: request.motion,
    mode: request.mode,
    aspect: request.aspect,
    durationSeconds: request.durationSeconds,
    seed: request.seed,
    plan: request.plan,
    longSide,
    fps: localFps,
  };
}
