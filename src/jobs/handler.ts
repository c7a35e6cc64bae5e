import type { ClaimedJob } from "./queue.ts";

/** What becomes of a job that was worked on. A handler that throws has it tried again. */
export type JobOutcome =
  /** The handler's own transaction removed or requeued it (`finishJob`), or lost the race to. */
  | { readonly state: "settled" }
  /** Finished, with nothing to record: the runner removes it. */
  | { readonly state: "done" }
  /** Not finished yet: once more after `delayMs`, with no attempt spent. */
  | { readonly state: "again"; readonly delayMs: number };

/** The work behind one kind of job. Every job may come again after a crash, from its start. */
export interface JobHandler {
  /** @param signal aborts when the lease is lost or the server stops: then nothing counts. */
  run(job: ClaimedJob, signal: AbortSignal): Promise<JobOutcome>;
  /** Ends a job whose runs took the process down, or threw, time after time. */
  exhausted(job: ClaimedJob): Promise<JobOutcome>;
  /** Jobs of this kind worked on at once; the runner's own number when not given. */
  readonly concurrency?: number;
}

export type JobHandlers = Readonly<Record<string, JobHandler>>;
