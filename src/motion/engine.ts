import { rm } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { MediaTool } from "../media/media.ts";
import type { Engine, RenderOptions, RenderRequest, RenderResult } from "./render.ts";
import { createRenderThread, type RenderThread, type WorkerPort } from "./render-thread.ts";
import { createSlots } from "./slots.ts";

export interface EngineConfig {
  /** Renders at work at once, each in a Worker of its own. */
  readonly workersMax: number;
  /** Threads of each encoder. The same clip has the same bytes only with the same number. */
  readonly encoderThreads: number;
  /** After this long without work a Worker ends, and its memory is given back. */
  readonly idleMs: number;
}

export interface EngineDeps {
  readonly clock: Pick<Clock, "schedule">;
  /** The ffmpeg that was found: each Worker uses it through a `Media` of its own. */
  readonly tool: MediaTool;
  /** Starts a render Worker: the real one, unless a test wants to hold it in its hand. */
  readonly startWorker?: () => WorkerPort;
}

/** Renders that wait for a Worker; more are refused. */
const waitingMax = 256;

/** How long a render that is to stop may take to clean up before its Worker is killed. */
const graceMs = 3_000;

/** Opens the local engine. No Worker runs until the first render. */
export function openEngine(deps: EngineDeps, config: EngineConfig): Engine {
  const slots = createSlots(config.workersMax, waitingMax);
  const threads = createThreads(deps, config.idleMs);
  const closing = new AbortController();

  const render = async (
    request: RenderRequest,
    options: RenderOptions,
    thread: RenderThread,
  ): Promise<RenderResult> => {
    const { encoderThreads } = config;
    const job = { request, tool: deps.tool, encoderThreads };
    const stopping = stopWhenAsked(deps.clock, thread, closing.signal, options);
    try {
      const result = await thread.render(job, options.onProgress);
      const reason = stopping.reason();
      if (reason) throw reason;
      return result;
    } catch (error) {
      // A Worker that was killed, or that had just finished, has not taken its file away.
      await rm(request.outputPath, { force: true });
      throw stopping.reason() ?? error;
    } finally {
      stopping.end();
    }
  };

  return {
    render: async (request, options = {}) => {
      const release = await slots.take(closing.signal, options.signal);
      const thread = threads.take();
      try {
        return await render(request, options, thread);
      } finally {
        threads.giveBack(thread);
        release();
      }
    },
    close: async () => {
      closing.abort();
      await slots.idle();
      await threads.close();
    },
  };
}

/**
 * Stops a render on cancel, timeout or closing: asks first, kills when that is not heard. The
 * reason is what the caller is told.
 */
function stopWhenAsked(
  clock: EngineDeps["clock"],
  thread: RenderThread,
  closing: AbortSignal,
  { signal, timeoutMs }: RenderOptions,
) {
  let reason: AppError | undefined;
  let endKilling = () => {};
  const stop = (why: AppError) => {
    if (reason) return;
    reason = why;
    thread.cancel();
    endKilling = clock.schedule(graceMs, () => void thread.kill());
  };
  const onAbort = () => stop(new AppError("cancelled", "the render was cancelled"));
  const onTimeout = () =>
    stop(new AppError("i2v_timeout", `the render took longer than ${timeoutMs} ms`));
  const endTimeout = timeoutMs === undefined ? () => {} : clock.schedule(timeoutMs, onTimeout);
  const signals = signal ? [signal, closing] : [closing];
  for (const each of signals) each.addEventListener("abort", onAbort);
  if (signals.some(({ aborted }) => aborted)) onAbort();
  return {
    reason: () => reason,
    end: () => {
      endTimeout();
      endKilling();
      for (const each of signals) each.removeEventListener("abort", onAbort);
    },
  };
}

/** Threads that are started when wanted, kept while they are likely to be wanted again. */
function createThreads({ clock, startWorker = startRenderWorker }: EngineDeps, idleMs: number) {
  const idle = new Map<RenderThread, () => void>();
  const retire = async (thread: RenderThread) => {
    idle.get(thread)?.();
    idle.delete(thread);
    await thread.end();
  };
  return {
    take: (): RenderThread => {
      // The one used last: the others then come to their end.
      for (const [thread, stopTimer] of [...idle].reverse()) {
        stopTimer();
        idle.delete(thread);
        if (thread.isAlive()) return thread;
      }
      return createRenderThread(startWorker());
    },
    giveBack: (thread: RenderThread): void => {
      if (!thread.isAlive()) return;
      idle.set(
        thread,
        clock.schedule(idleMs, () => void retire(thread)),
      );
    },
    close: async () => {
      await Promise.all([...idle.keys()].map(retire));
    },
  };
}

function startRenderWorker(): WorkerPort {
  return new Worker(new URL("./worker.ts", import.meta.url), { name: "render" });
}
