import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import type { Log } from "../log.ts";
import type { JobHandlers } from "./handler.ts";
import { lookAhead } from "./outlook.ts";
import { createPump } from "./pump.ts";
import { type ClaimedJob, claimJobs, recoverHeldJobs, shiftWaitingJobs } from "./queue.ts";
import { createWork, type Work } from "./work.ts";

export interface RunnerDeps {
  readonly store: Store;
  readonly handlers: JobHandlers;
  /** Jobs of each kind worked on at once. */
  readonly concurrency: number;
  /** This runner's name, as no other process or earlier start of this one has it. */
  readonly worker: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Runner {
  /** Jobs being worked on. */
  readonly running: number;
  /**
   * Takes no more jobs and waits for those it has; what still runs after `timeoutMs` is aborted
   * and handed back, due now, no attempt spent.
   */
  drain(timeoutMs: number): Promise<void>;
  /** Drains without waiting. */
  close(): Promise<void>;
}

/** A lease that is not extended for this long is free: its holder died or was stopped. */
export const leaseMs = 15_000;
/** Where other processes queue and crash, too, lost wake-ups are made good this fast. */
const sharedPollMs = 1000;
/** Nobody sleeps longer: a clock that was set is noticed by then. */
const sleepMsMax = 60_000;
const retryMs = 2000;
/** A wall clock that fell back by less is corrected by the next delays, not by us. */
const stepBackMsMin = 1000;

/**
 * Works the queue: wakes when a job is queued, sleeps until the next is due. It knows kinds of
 * jobs and nothing else of what they do.
 */
export async function openRunner(deps: RunnerDeps): Promise<Runner> {
  const { store, clock, log } = deps;
  // A process that has the store for itself knows that whoever held a job is gone.
  if (!store.isShared) await store.write(recoverHeldJobs);
  const work = createWork({ ...deps, leaseMs, onRoom: () => pump.wake() });
  const noticeStepBack = createStepDetector(clock);
  let hasFailed = false;
  let cancelTimer: (() => void) | undefined;

  const sleep = (ms: number) => {
    cancelTimer?.();
    if (!pump.isStopped) cancelTimer = clock.schedule(Math.max(0, ms), pump.wake);
  };
  const pump = createPump(async () => {
    try {
      const byMs = noticeStepBack();
      if (byMs < 0 && !store.isShared) await store.write((tx) => shiftWaitingJobs(tx, byMs));
      const nextInMs = await takeJobs(deps, work, () => pump.isStopped);
      const pollMs = store.isShared ? sharedPollMs : sleepMsMax;
      hasFailed = false;
      sleep(Math.min(nextInMs ?? pollMs, pollMs));
    } catch (error) {
      if (!hasFailed) log.warn("job_queue_unavailable", { error });
      hasFailed = true;
      sleep(retryMs);
    }
  });
  const unsubscribe = store.subscribe((topic) => {
    if (topic === "jobs" || topic === undefined) pump.wake();
  });
  const drain = async (timeoutMs: number) => {
    unsubscribe();
    // What is being claimed at this moment is started too, and shares the fate of the rest.
    await pump.stop();
    cancelTimer?.();
    if (timeoutMs > 0) await waitAtMost(clock, timeoutMs, work.whenEmpty());
    await work.abandon();
  };

  pump.wake();
  return {
    get running() {
      return work.ids().length;
    },
    drain,
    close: () => drain(0),
  };
}

/** Claims what is due and fits. @returns how long until the next job is due. */
async function takeJobs(
  deps: RunnerDeps,
  work: Work,
  isStopped: () => boolean,
): Promise<number | undefined> {
  const { store, handlers } = deps;
  const room = (kind: string) =>
    (handlers[kind]?.concurrency ?? deps.concurrency) - work.count(kind);
  const kinds = Object.keys(handlers).filter((kind) => room(kind) > 0);
  const { due, nextInMs } = await lookAhead(store, kinds, work.ids());
  if (due.length === 0 || isStopped()) return nextInMs;
  const jobs = await store.write(async (tx) => {
    const claimed: ClaimedJob[] = [];
    for (const kind of due) {
      const except = work.ids();
      const { worker } = deps;
      const { skipLocked } = store;
      const options = { kind, worker, leaseMs, limit: room(kind), except, skipLocked };
      claimed.push(...(await claimJobs(tx, options)));
    }
    return claimed;
  });
  for (const job of jobs) work.start(job);
  return nextInMs;
}

/** Says by how much the wall clock fell back since it was last asked: a negative number, or 0. */
function createStepDetector(clock: Clock): () => number {
  let wallMs = clock.now();
  let elapsedMs = clock.elapsed();
  return () => {
    const driftMs = clock.now() - wallMs - (clock.elapsed() - elapsedMs);
    wallMs = clock.now();
    elapsedMs = clock.elapsed();
    return driftMs < -stepBackMsMin ? driftMs : 0;
  };
}

function waitAtMost(clock: Clock, timeoutMs: number, done: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(timeoutMs, resolve);
    void done.then(() => {
      cancel();
      resolve();
    });
  });
}
