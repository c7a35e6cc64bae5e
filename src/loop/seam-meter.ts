import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { MediaTool } from "../media/media.ts";
import { stopWhenAsked } from "../threads/stop-when-asked.ts";
import { createThread } from "../threads/thread.ts";
import type { Seam } from "./seam.ts";
import type { SeamTask } from "./seam-task.ts";

export interface SeamMeterDeps {
  /** Measures how long a thread may take to stop. */
  readonly clock?: Pick<Clock, "schedule">;
  readonly tool: MediaTool;
}

export interface SeamMeter {
  /**
   * Measures the seam of the clip at `path` on a thread of its own, so that nothing else waits.
   * @throws AppError `i2v_failed`, `i2v_timeout`, `cancelled`.
   */
  measure(path: string, signal: AbortSignal): Promise<Seam>;
  /** Cancels what is being measured. */
  close(): Promise<void>;
}

/** After a cancel the thread has this long to end its ffmpeg; then it is ended itself. */
const cancelMsMax = 400;

export function openSeamMeter({ tool, clock = systemClock }: SeamMeterDeps): SeamMeter {
  const closing = new AbortController();
  const running = new Set<Promise<Seam>>();
  return {
    async measure(path, signal) {
      const both = AbortSignal.any([signal, closing.signal]);
      const measuring = measureOnThread(clock, { tool, path }, both);
      running.add(measuring);
      return measuring.finally(() => running.delete(measuring));
    },
    async close() {
      closing.abort(new Error("the meter was closed"));
      await Promise.allSettled(running);
    },
  };
}

async function measureOnThread(
  clock: Pick<Clock, "schedule">,
  task: SeamTask,
  signal: AbortSignal,
): Promise<Seam> {
  if (signal.aborted) throw cancelled(signal.reason);
  const worker = new Worker(new URL("./seam-worker.ts", import.meta.url), { name: "seam" });
  const thread = createThread<SeamTask, Seam>(worker, {
    crashMessage: "the thread that measured the clip ended before it was done",
    killedTaskFails: "at-once",
  });
  const options = { signal, cancelled, graceMs: cancelMsMax };
  try {
    return await stopWhenAsked(clock, thread, options, () => thread.run(task));
  } finally {
    void thread.kill();
  }
}

function cancelled(cause: unknown): AppError {
  return new AppError("cancelled", "the work was cancelled", { cause });
}
