import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { openPool, type PoolOptions } from "../threads/pool.ts";
import { type StopOptions, stopWhenAsked } from "../threads/stop-when-asked.ts";
import type { WorkerPort } from "../threads/thread.ts";
import type { LocalSight, Look, SightConfig } from "./look.ts";
import type { SightTask } from "./serve-sight.ts";

/** The Worker that looks, as far as it is used. */
export type SightPort = WorkerPort<SightTask, Look | undefined>;

export interface SightDeps {
  readonly clock: Pick<Clock, "schedule">;
  /** Starts the sight Worker: the real one, unless a test wants to hold it in its hand. */
  readonly startWorker?: () => SightPort;
}

/** Pictures that wait; more are refused. */
const waitingMax = 256;
/** After this long without work the Worker ends, and the memory of its nets is given back. */
const idleMs = 60_000;
/** Long enough for a large depth model on one slow core; the stage's own limit is longer. */
const taskTimeoutMs = 25_000;
/** How long a task that is to stop may take to say so before its Worker is ended. */
const graceMs = 1_000;

/** Opens local sight. No Worker runs and no net is loaded until the first picture. */
export function openSight(deps: SightDeps, config: SightConfig): LocalSight {
  const { clock, startWorker = startSightWorker } = deps;
  const pool = openPool({ clock, startWorker }, poolOptions);
  const run = (task: SightTask, caller?: AbortSignal) =>
    pool.use(caller, (thread, signal) =>
      stopWhenAsked(clock, thread, { ...stopOptions, signal }, () => thread.run(task)),
    );

  return {
    async look(request, signal) {
      const look = await run({ kind: "look", request, config }, signal);
      if (look) return look;
      throw new AppError("i2v_failed", "local sight saw nothing", { retry: true });
    },
    async check() {
      const path = config.depthModelPath;
      if (path === undefined) return;
      try {
        await run({ kind: "try-depth", path });
      } catch (error) {
        // Whoever cannot start has nobody who would close this.
        await pool.endIdle();
        throw error;
      }
    },
    close: () => pool.close(new Error("local sight was closed")),
  };
}

const poolOptions: PoolOptions = {
  slots: {
    slotsMax: 1,
    waitingMax,
    waitersName: "pictures",
    cancelled: (cause) =>
      new AppError("cancelled", "cancelled before the picture was looked at", { cause }),
  },
  idleMs,
  thread: {
    crashMessage: "local sight ended in the midst of the picture",
    killedTaskFails: "at-once",
  },
};

const stopOptions: Omit<StopOptions, "signal"> = {
  cancelled: (cause) => new AppError("cancelled", "the look was cancelled", { cause }),
  timeout: {
    afterMs: taskTimeoutMs,
    error: () => new AppError("vision_timeout", `not seen within ${taskTimeoutMs / 1000} seconds`),
  },
  graceMs,
};

function startSightWorker(): SightPort {
  return new Worker(new URL("./worker.ts", import.meta.url), { name: "sight" });
}
