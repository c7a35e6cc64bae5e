import type { JobHandler } from "../jobs/handler.ts";
import type { Log } from "../log.ts";
import type { Purger } from "../purge/purger.ts";

export interface PurgeDeps {
  /** Undefined when there is no cache in front. */
  readonly purger: Purger | undefined;
  readonly log: Log;
}

/**
 * The job that has an asset dropped from the caches in front, after what it is served with has
 * changed. It is apart from that change, so that a cache which is away neither fails nor delays it.
 */
export function createPurge({ purger, log }: PurgeDeps): JobHandler {
  return {
    async run(job, signal) {
      if (!purger) return { state: "done" };
      try {
        await purger.purge(job.subject, signal);
        return { state: "done" };
      } catch (error) {
        signal.throwIfAborted();
        // Not as an outage of ours, which is tried for ever: each attempt counts.
        throw new Error(`the cache did not drop asset ${job.subject}`, { cause: error });
      }
    },
    async exhausted(job) {
      log.error("purge_given_up", { asset: job.subject });
      return { state: "done" };
    },
  };
}
