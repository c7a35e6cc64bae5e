import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { LocalSight, Look, SightConfig } from "./look.ts";
import type { SightTask } from "./messages.ts";
import { createSightThread, type SightPort, type SightThread } from "./sight-thread.ts";
import { createTurns } from "./turns.ts";

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
  const turns = createTurns(waitingMax);
  const threads = keepThread(deps);
  const closing = new AbortController();

  const run = async (task: SightTask, signal: AbortSignal): Promise<Look | undefined> => {
    const either = AbortSignal.any([signal, closing.signal]);
    const endTurn = await turns.take(either);
    const thread = threads.take();
    const stopping = stopWhenAsked(deps.clock, thread, either);
    try {
      const look = await thread.run(task);
      const reason = stopping.reason();
      if (reason) throw reason;
      return look;
    } catch (error) {
      throw stopping.reason() ?? error;
    } finally {
      stopping.end();
      threads.giveBack();
      endTurn();
    }
  };

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
        await run({ kind: "try-depth", path }, closing.signal);
      } catch (error) {
        // Whoever cannot start has nobody who would close this.
        await threads.end();
        throw error;
      }
    },
    async close() {
      closing.abort(new Error("local sight was closed"));
      // Whoever is at work has the turn: after it nobody takes the Worker any more.
      const endTurn = await turns.take(new AbortController().signal);
      await threads.end();
      endTurn();
    },
  };
}

/** One thread, started when it is wanted and ended when it was not wanted for a while. */
function keepThread({ clock, startWorker = startSightWorker }: SightDeps) {
  let thread: SightThread | undefined;
  let endTimer = () => {};
  const end = async () => {
    endTimer();
    const ending = thread;
    thread = undefined;
    if (ending?.isAlive()) await ending.end();
  };
  return {
    take(): SightThread {
      endTimer();
      if (!thread?.isAlive()) thread = createSightThread(startWorker());
      return thread;
    },
    giveBack(): void {
      endTimer = clock.schedule(idleMs, () => void end());
    },
    end,
  };
}

/**
 * Stops a task on cancel, timeout or closing: asks first, ends the Worker when that is not heard.
 * The reason is what the caller is told.
 */
function stopWhenAsked(clock: SightDeps["clock"], thread: SightThread, signal: AbortSignal) {
  let reason: AppError | undefined;
  let endKilling = () => {};
  const stop = (why: AppError) => {
    if (reason) return;
    reason = why;
    thread.cancel();
    endKilling = clock.schedule(graceMs, thread.kill);
  };
  const onAbort = () =>
    stop(new AppError("cancelled", "the look was cancelled", { cause: signal.reason }));
  const endTimeout = clock.schedule(taskTimeoutMs, () =>
    stop(new AppError("vision_timeout", `not seen within ${taskTimeoutMs / 1000} seconds`)),
  );
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return {
    reason: () => reason,
    end: () => {
      endTimeout();
      endKilling();
      signal.removeEventListener("abort", onAbort);
    },
  };
}

function startSightWorker(): SightPort {
  return new Worker(new URL("./worker.ts", import.meta.url), { name: "sight" });
}
