import { rm } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { MediaTool } from "../media/media.ts";
import { openPool, type PoolOptions } from "../threads/pool.ts";
import { type StopOptions, stopWhenAsked } from "../threads/stop-when-asked.ts";
import type { WorkerPort } from "../threads/thread.ts";
import type { Engine, RenderOptions, RenderResult } from "./render.ts";
import type { RenderJob, RenderProgress } from "./serve-renders.ts";

export interface EngineConfig {
  /** Renders at work at once, each in a Worker of its own. */
  readonly workersMax: number;
  /** Threads of each encoder. The same clip has the same bytes only with the same number. */
  readonly encoderThreads: number;
  /** After this long without work a Worker ends, and its memory is given back. */
  readonly idleMs: number;
}

/** The Worker that renders, as far as it is used. */
export type RenderPort = WorkerPort<RenderJob, RenderResult, RenderProgress>;

export interface EngineDeps {
  readonly clock: Pick<Clock, "schedule">;
  /** The ffmpeg that was found: each Worker uses it through a `Media` of its own. */
  readonly tool: MediaTool;
  /** Starts a render Worker: the real one, unless a test wants to hold it in its hand. */
  readonly startWorker?: () => RenderPort;
}

/** Renders that wait for a Worker; more are refused. */
const waitingMax = 256;

/** How long a render that is to stop may take to clean up before its Worker is killed. */
const graceMs = 3_000;

/** Opens the local engine. No Worker runs until the first render. */
export function openEngine(deps: EngineDeps, config: EngineConfig): Engine {
  const { clock, tool, startWorker = startRenderWorker } = deps;
  const { encoderThreads } = config;
  const pool = openPool({ clock, startWorker }, poolOptions(config));

  return {
    render: (request, options = {}) =>
      pool.use(options.signal, async (thread, signal) => {
        const job = { request, tool, encoderThreads };
        try {
          return await stopWhenAsked(clock, thread, stopOptions(signal, options), () =>
            thread.run(job, ({ frames, framesTotal }) => options.onProgress?.(frames, framesTotal)),
          );
        } catch (error) {
          // A Worker that was killed, or that had just finished, has not taken its file away.
          await rm(request.outputPath, { force: true });
          throw error;
        }
      }),
    close: pool.close,
  };
}

function poolOptions({ workersMax, idleMs }: EngineConfig): PoolOptions {
  return {
    slots: {
      slotsMax: workersMax,
      waitingMax,
      waitersName: "renders",
      cancelled: () => new AppError("cancelled", "the render was cancelled before it began"),
    },
    idleMs,
    thread: {
      crashMessage: "the local engine ended in the midst of the render",
      killedTaskFails: "when-ended",
    },
  };
}

function stopOptions(signal: AbortSignal, { timeoutMs }: RenderOptions): StopOptions {
  const timedOut = () => new AppError("i2v_timeout", `the render took longer than ${timeoutMs} ms`);
  return {
    signal,
    cancelled: () => new AppError("cancelled", "the render was cancelled"),
    timeout: timeoutMs === undefined ? undefined : { afterMs: timeoutMs, error: timedOut },
    graceMs,
  };
}

function startRenderWorker(): RenderPort {
  return new Worker(new URL("./worker.ts", import.meta.url), { name: "render" });
}
