import { afterEach, beforeEach } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import type { JobHandler, JobOutcome } from "../../src/jobs/handler.ts";
import { type ClaimedJob, claimJobs, enqueue } from "../../src/jobs/queue.ts";
import { leaseMs, openRunner, type Runner } from "../../src/jobs/runner.ts";
import type { StorePlace } from "../contracts/store.ts";
import { createManualClock } from "./manual-clock.ts";
import { createRecordingLog } from "./recording-log.ts";
import { settle, until } from "./until.ts";

export const done: JobOutcome = { state: "done" };

/** A handler whose runs are watched and ended by the test. */
export interface WatchedHandler extends JobHandler {
  readonly runs: { readonly job: ClaimedJob; readonly signal: AbortSignal }[];
  readonly exhaustedJobs: ClaimedJob[];
  mostAtOnce: number;
}

/** A fresh store with a queue for each test, and runners on it that are closed after it. */
export function useRunner(createPlace: () => Promise<StorePlace>) {
  let clock = createManualClock();
  let log = createRecordingLog();
  let store: Store;
  const runners: Runner[] = [];

  beforeEach(async () => {
    clock = createManualClock();
    log = createRecordingLog();
    store = await (await createPlace()).open(clock);
  });
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.close();
    await store.close();
  });

  const rows = () => store.read.selectFrom("jobs").selectAll().orderBy("subject").execute();
  // Where answers come over a socket, effects take more turns of the loop.
  const letHappen = () => settle(store.isShared ? 40 : 5);
  return {
    get clock() {
      return clock;
    },
    get log() {
      return log;
    },
    get store() {
      return store;
    },
    async open(test: JobHandler, worker = "a", concurrency = 2): Promise<Runner> {
      const runner = await openRunner({
        store,
        handlers: { test },
        concurrency,
        worker,
        clock,
        log,
      });
      runners.push(runner);
      return runner;
    },
    add: (subject: string, delayMs = 0) =>
      store.write((tx) => enqueue(tx, { kind: "test", subject, delayMs })),
    rows,
    isQueueEmpty: async () => (await rows()).length === 0,
    /** As another process would: a claim that nobody beats. */
    holdElsewhere: (worker = "dead") =>
      store.write((tx) => {
        const { skipLocked } = store;
        return claimJobs(tx, { kind: "test", worker, leaseMs, limit: 1, except: [], skipLocked });
      }),
    /** Lets time pass in steps, as it does, so that timers follow on one another's effects. */
    async pass(ms: number, stepMs = 500) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left));
        await letHappen();
      }
    },
    /** Lets time pass, as much as it takes. */
    passUntil: (holds: () => boolean | Promise<boolean>, stepMs = 1000) =>
      until(async () => {
        if (await holds()) return true;
        clock.advance(stepMs);
        await letHappen();
        return false;
      }),
  };
}

export function watched(
  run: (job: ClaimedJob, signal: AbortSignal) => Promise<JobOutcome>,
  concurrency?: number,
): WatchedHandler {
  let now = 0;
  const handler: WatchedHandler = {
    ...(concurrency === undefined ? {} : { concurrency }),
    runs: [],
    exhaustedJobs: [],
    mostAtOnce: 0,
    async run(job, signal) {
      handler.runs.push({ job, signal });
      handler.mostAtOnce = Math.max(handler.mostAtOnce, ++now);
      try {
        return await run(job, signal);
      } finally {
        now -= 1;
      }
    },
    async exhausted(job) {
      handler.exhaustedJobs.push(job);
      return done;
    },
  };
  return handler;
}
