import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import type { JobHandler } from "../jobs/handler.ts";
import { enqueue } from "../jobs/queue.ts";
import type { Log } from "../log.ts";
import { generationJob } from "./generations.ts";
import { reconcileGeneration } from "./reconcile.ts";
import { findGenerationsWithoutJob, findSilentGenerations } from "./store.ts";
import { type TransitionDeps, transition } from "./transition.ts";

export interface SweeperDeps extends TransitionDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** The job kind of the sweep. There is one such job, however many machines ask for it. */
export const sweepJob = "sweep";
/** Without a sign of life for this long, and with no job to give one, a generation has stalled. */
export const stalledAfterMs = 10 * 60_000;
/** A generation that is silent for this long is looked after, though nobody reads its asset. */
export const silentAfterMs = 5 * 60_000;
const sweepEveryMs = 60_000;
/** How many generations one sweep ends or looks after; the next sweep takes the rest. */
const sweepLimit = 100;

/** Has the sweep begin. Every start asks for it; whoever claims the job is the one who sweeps. */
export async function startSweeping(store: Store): Promise<void> {
  await store.write((tx) => enqueue(tx, { kind: sweepJob, subject: "server" }));
}

/**
 * The sweep, every minute for ever: a job like any other, so that its lease makes one process the
 * leader and another one its successor within the time of a lease.
 */
export function createSweep(deps: SweeperDeps): JobHandler {
  const sweep = async () => {
    try {
      await sweepStalled(deps);
      await reconcileSilent(deps);
    } catch (error) {
      deps.log.warn("sweep_failed", { error });
    }
    return { state: "again", delayMs: sweepEveryMs } as const;
  };
  // However often a process died while it swept, the next one must sweep all the same.
  return { run: sweep, exhausted: sweep, concurrency: 1 };
}

/**
 * Ends generations that no job works on any more, as `pipeline_stalled`. A waiting job is no
 * stall, however long the queue; a held one is recovered by its lease.
 * @returns how many were ended.
 */
export async function sweepStalled(deps: TransitionDeps): Promise<number> {
  const stalled = await findGenerationsWithoutJob(deps.store.read, {
    jobKind: generationJob,
    now: deps.store.now,
    silentMs: stalledAfterMs,
    limit: sweepLimit,
  });
  let ended = 0;
  for (const generation of stalled) {
    const moved = await transition(deps, {
      generation,
      event: "failed",
      failure: { code: "pipeline_stalled", message: "no progress for ten minutes" },
    });
    if (moved) ended += 1;
  }
  return ended;
}

/** Asks providers after work that has long been silent, and replaces jobs that were lost. */
export async function reconcileSilent(deps: TransitionDeps): Promise<number> {
  const silent = await findSilentGenerations(deps.store.read, {
    now: deps.store.now,
    silentMs: silentAfterMs,
    limit: sweepLimit,
  });
  let reconciled = 0;
  for (const generation of silent) {
    if (await reconcileGeneration(deps, generation)) reconciled += 1;
  }
  return reconciled;
}
