import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { faultDelaysMs } from "./backoff.ts";
import type { JobHandlers, JobOutcome } from "./handler.ts";
import {
  beatJob,
  type ClaimedJob,
  failJob,
  finishJob,
  releaseJob,
  rescheduleJob,
} from "./queue.ts";

/** Claims that may be lost before the handler is asked to end the job instead. */
export const claimsLostMax = 5;
/** The wait after an outage of the database, unless that names a longer one. */
const outageDelayMs = 5000;

export interface WorkDeps {
  readonly store: Store;
  readonly handlers: JobHandlers;
  readonly clock: Clock;
  readonly log: Log;
  readonly leaseMs: number;
  /** Called whenever a job has left: there is room for another. */
  readonly onRoom: () => void;
}

/** The jobs that this process works on: their runs, their leases, their ends. */
export interface Work {
  start(job: ClaimedJob): void;
  /** Their ids. */
  ids(): readonly string[];
  count(kind: string): number;
  /** Aborts everything and hands it back, due now, no claim spent. The last call of all. */
  abandon(): Promise<void>;
  /** Resolves as soon as nothing runs. */
  whenEmpty(): Promise<void>;
}

interface Run {
  readonly job: ClaimedJob;
  readonly abort: AbortController;
  /** Taken from us, or given back by us: its end is no business of ours. */
  isLost: boolean;
}

export function createWork(deps: WorkDeps): Work {
  const runs = new Map<string, Run>();
  const waiting = new Set<() => void>();
  let cancelBeat: (() => void) | undefined;
  let isAbandoned = false;

  const scheduleBeat = () => {
    cancelBeat = deps.clock.schedule(deps.leaseMs / 3, async () => {
      await beatAll(deps, [...runs.values()]);
      cancelBeat = undefined;
      if (runs.size > 0 && !isAbandoned) scheduleBeat();
    });
  };

  const leave = (run: Run) => {
    runs.delete(run.job.id);
    deps.onRoom();
    if (runs.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  return {
    start(job) {
      const run: Run = { job, abort: new AbortController(), isLost: false };
      runs.set(job.id, run);
      if (!cancelBeat) scheduleBeat();
      void execute(deps, run).finally(() => leave(run));
    },
    ids: () => [...runs.keys()],
    count: (kind) => [...runs.values()].filter(({ job }) => job.kind === kind).length,
    async abandon() {
      isAbandoned = true;
      cancelBeat?.();
      const held = [...runs.values()].filter((run) => !run.isLost);
      for (const run of held) lose(run, "the server is stopping");
      if (held.length === 0) return;
      await deps.store.write(async (tx) => {
        for (const { job } of held) await releaseJob(tx, job);
      });
    },
    whenEmpty: () =>
      runs.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve)),
  };
}

/** Extends every lease; a run whose lease is gone is told to stop. */
async function beatAll({ store, log, leaseMs }: WorkDeps, runs: readonly Run[]): Promise<void> {
  const held = runs.filter((run) => !run.isLost);
  if (held.length === 0) return;
  try {
    const lost = await store.write(async (tx) => {
      const missing: Run[] = [];
      for (const run of held) if (!(await beatJob(tx, run.job, leaseMs))) missing.push(run);
      return missing;
    });
    for (const run of lost) lose(run, "the lease of this job was lost");
  } catch (error) {
    // The next beat tries again. Should the lease end first, the fence keeps the work out.
    log.warn("job_beat_failed", { error });
  }
}

function lose(run: Run, reason: string): void {
  run.isLost = true;
  run.abort.abort(new AppError("cancelled", reason));
}

/** One run from claim to end. Never rejects. */
async function execute(deps: WorkDeps, run: Run): Promise<void> {
  const { job } = run;
  const log = deps.log.with({ job: job.kind, subject: job.subject });
  try {
    const outcome = await callHandler(deps, run);
    if (!run.isLost) await settle(deps.store, job, outcome);
  } catch (error) {
    if (run.isLost) return;
    await mend(deps.store, job, error)
      .then((next) => log.error("job_failed", { error, claims: job.claims, ...next }))
      // The row stays held: when the lease ends, it is taken up again.
      .catch((reason) => log.error("job_not_returned", { error, reason }));
  }
}

/** A job that keeps taking its process down is ended instead of run. */
function callHandler({ handlers }: WorkDeps, { job, abort }: Run): Promise<JobOutcome> {
  const handler = handlers[job.kind];
  if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
  return job.claims > claimsLostMax ? handler.exhausted(job) : handler.run(job, abort.signal);
}

/** The one place where an outcome becomes a change of the queue. */
async function settle(store: Store, job: ClaimedJob, outcome: JobOutcome): Promise<void> {
  switch (outcome.state) {
    case "settled":
      // Removed by the handler's own transaction, which another one may have beaten. What a
      // handler forgot comes up again when its lease ends, as a lost claim.
      return;
    case "done":
      await store.write((tx) => finishJob(tx, job));
      return;
    case "again":
      await store.write((tx) => rescheduleJob(tx, job, outcome.delayMs));
  }
}

/**
 * After a throw: an outage costs no claim, any other fault does. Even ending it may fail so often.
 */
async function mend(store: Store, job: ClaimedJob, thrown: unknown): Promise<object> {
  if (thrown instanceof AppError && thrown.code === "unavailable") {
    const delayMs = Math.max(outageDelayMs, thrown.retryAfterMs ?? 0);
    await store.write((tx) => rescheduleJob(tx, job, delayMs));
    return { delayMs };
  }
  if (job.claims >= 2 * claimsLostMax) {
    await store.write((tx) => finishJob(tx, job));
    return { isDropped: true };
  }
  const delayMs = faultDelaysMs[Math.min(job.claims, faultDelaysMs.length - 1)] ?? 0;
  await store.write((tx) => failJob(tx, job, delayMs));
  return { delayMs };
}
