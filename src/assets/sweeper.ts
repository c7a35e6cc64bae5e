import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { generationJob } from "./generations.ts";
import { findGenerationsWithoutJob } from "./store.ts";
import { type TransitionDeps, transition } from "./transition.ts";

export interface SweeperDeps extends TransitionDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Without a sign of life for this long, and with no job to give one, a generation has stalled. */
export const stalledAfterMs = 10 * 60_000;
const sweepEveryMs = 60_000;
/** How many stalled generations one sweep ends; the next sweep takes the rest. */
const sweepLimit = 100;

/** Sweeps every minute until it is closed. */
export function openSweeper(deps: SweeperDeps): { close(): void } {
  let isClosed = false;
  let cancel = () => {};
  const schedule = () => {
    cancel = deps.clock.schedule(sweepEveryMs, async () => {
      await sweepStalled(deps).catch((error) => deps.log.warn("sweep_failed", { error }));
      if (!isClosed) schedule();
    });
  };
  schedule();
  return {
    close() {
      isClosed = true;
      cancel();
    },
  };
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
