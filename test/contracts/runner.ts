import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import { AppError } from "../../src/errors.ts";
import { type ClaimedJob, claimJobs, enqueue, finishJob } from "../../src/jobs/queue.ts";
import {
  type JobHandler,
  type JobOutcome,
  leaseMs,
  openRunner,
  type Runner,
} from "../../src/jobs/runner.ts";
import { claimsLostMax } from "../../src/jobs/work.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { createRecordingLog } from "../support/recording-log.ts";
import { settle, until } from "../support/until.ts";
import type { StorePlace } from "./store.ts";

const done: JobOutcome = { state: "done" };
const hour = 3_600_000;
const never = new AbortController().signal;

/** A handler whose runs are watched and ended by the test. */
interface WatchedHandler extends JobHandler {
  readonly runs: { readonly job: ClaimedJob; readonly signal: AbortSignal }[];
  readonly exhaustedJobs: ClaimedJob[];
  mostAtOnce: number;
}

/** What the runner promises on every engine. */
export function runnerContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`runner on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;
    const runners: Runner[] = [];
    let log = createRecordingLog();

    beforeEach(async () => {
      clock = createManualClock();
      log = createRecordingLog();
      store = await (await createPlace()).open(clock);
    });
    afterEach(async () => {
      for (const runner of runners.splice(0)) await runner.close();
      await store.close();
    });

    const open = async (test: JobHandler, worker = "a", concurrency = 2) => {
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
    };
    const add = (subject: string, delayMs = 0) =>
      store.write((tx) => enqueue(tx, { kind: "test", subject, delayMs }));
    const rows = () => store.read.selectFrom("jobs").selectAll().orderBy("subject").execute();
    const isQueueEmpty = async () => (await rows()).length === 0;
    /** As another process would: a claim that nobody beats. */
    const holdElsewhere = (worker = "dead") =>
      store.write((tx) => {
        const { skipLocked } = store;
        return claimJobs(tx, { kind: "test", worker, leaseMs, limit: 1, except: [], skipLocked });
      });
    /** Lets time pass in steps, as it does, so that timers follow on one another's effects. */
    const pass = async (ms: number, stepMs = 500) => {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left));
        await settle(store.isShared ? 40 : 5);
      }
    };
    /** Lets time pass, as much as it takes. */
    const passUntil = (holds: () => boolean | Promise<boolean>, stepMs = 1000) =>
      until(async () => {
        if (await holds()) return true;
        clock.advance(stepMs);
        await settle(store.isShared ? 40 : 5);
        return false;
      });

    test("a queued job starts without waiting for any timer, and is removed when done", async () => {
      const handler = watched(async () => done);
      await open(handler);
      await add("a");
      await until(() => handler.runs.length === 1);
      await until(isQueueEmpty);
    });

    test("what was queued before the start runs too", async () => {
      await add("a");
      const handler = watched(async () => done);
      await open(handler);
      await until(() => handler.runs.length === 1);
    });

    test("a delayed job runs when it is due, not before", async () => {
      const handler = watched(async () => done);
      await open(handler);
      await add("a", 30_000);
      await pass(29_000);
      expect(handler.runs).toHaveLength(0);
      await passUntil(() => handler.runs.length === 1);
    });

    test("never more at once than the limit, and never idle while jobs wait [J10]", async () => {
      const gates: (() => void)[] = [];
      const handler = watched(() => new Promise((resolve) => gates.push(() => resolve(done))), 4);
      await open(handler);
      for (let count = 0; count < 10; count++) await add(`s${count}`);
      for (let count = 0; count < 10; count++) {
        await until(() => gates.length > 0);
        await settle();
        gates.shift()?.();
      }
      await until(isQueueEmpty);
      expect(handler.mostAtOnce).toBe(4);
    });

    test("kinds without a handler are left alone", async () => {
      await open(watched(async () => done));
      await store.write((tx) => enqueue(tx, { kind: "other", subject: "a" }));
      await add("b");
      await until(async () => (await rows()).length === 1);
      expect((await rows()).map(({ kind, claims }) => [kind, claims])).toEqual([["other", 0]]);
    });

    test("a job that asks for another time runs again then, with no claim spent", async () => {
      const handler = watched(async () =>
        handler.runs.length < 8 ? { state: "again", delayMs: 5000 } : done,
      );
      await open(handler);
      await add("a");
      for (let run = 1; run <= 8; run++) {
        await until(() => handler.runs.length === run);
        if (run < 8) await until(async () => (await rows())[0]?.worker === null);
        clock.advance(5200);
      }
      await until(isQueueEmpty);
      expect(handler.runs.map(({ job }) => job.claims)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
      expect(handler.exhaustedJobs).toEqual([]);
    });

    test("a handler may end its job in its own transaction", async () => {
      const handler = watched(async (job) => {
        await store.write((tx) => finishJob(tx, job));
        return { state: "settled" };
      });
      await open(handler);
      await add("a");
      await until(() => handler.runs.length === 1);
      await until(isQueueEmpty);
    });

    test("a throw is logged and tried again later; the process lives on [L15]", async () => {
      const handler = watched(async (job) => {
        if (job.subject === "a" && job.claims < 3) throw new Error("on purpose");
        return done;
      });
      await open(handler);
      await add("a");
      await until(() => log.lines.some(({ message }) => message === "job_failed"));
      await add("b");
      await until(async () => (await rows()).length === 1);
      expect((await rows())[0]).toMatchObject({ subject: "a", worker: null, claims: 1 });
      await passUntil(isQueueEmpty);
      expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(2);
    });

    test("an outage costs no claim, however long it lasts", async () => {
      let isDown = true;
      const handler = watched(async () => {
        if (isDown) throw new AppError("unavailable", "full disk", { retryAfterMs: 7000 });
        return done;
      });
      await open(handler);
      await add("a");
      let askedAtMs = 0;
      for (let run = 1; run <= 12; run++) {
        await passUntil(() => handler.runs.length === run, 500);
        if (run > 1) expect(clock.elapsed() - askedAtMs).toBeGreaterThan(6000);
        askedAtMs = clock.elapsed();
        await until(async () => (await rows())[0]?.worker === null);
      }
      isDown = false;
      await passUntil(isQueueEmpty);
      expect(handler.exhaustedJobs).toEqual([]);
    });

    test("a job that took five processes down is ended, not run [J07, K21]", async () => {
      await add("a");
      for (let crash = 0; crash < claimsLostMax; crash++) {
        expect(await holdElsewhere()).toHaveLength(1);
        clock.advance(leaseMs + 100);
      }
      const handler = watched(async () => done);
      await open(handler);
      await until(isQueueEmpty);
      expect(handler.runs).toHaveLength(0);
      expect(handler.exhaustedJobs.map(({ claims }) => claims)).toEqual([claimsLostMax + 1]);
    });

    test("a job that can be neither run nor ended is dropped at last, and said so", async () => {
      const handler = watched(async () => {
        throw new Error("on purpose");
      });
      await open({ run: handler.run, exhausted: (job) => handler.run(job, never) });
      await add("a");
      await passUntil(isQueueEmpty, 30_000);
      expect(log.lines.at(-1)?.fields).toMatchObject({ isDropped: true });
    });

    test("draining takes nothing more and waits for what runs", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      const runner = await open(handler, "a", 1);
      await add("a");
      await until(() => handler.runs.length === 1);
      const drained = runner.drain(30_000);
      await add("b");
      gate.resolve(done);
      await drained;
      expect(runner.running).toBe(0);
      expect((await rows()).map(({ subject, worker }) => [subject, worker])).toEqual([["b", null]]);
    });

    test("after the drain's limit a job is handed back, due now, unspent [L04, L07]", async () => {
      const handler = watched(() => new Promise<JobOutcome>(() => {}));
      const runner = await open(handler);
      await add("a");
      await until(() => handler.runs.length === 1);
      const drained = runner.drain(30_000);
      await settle();
      await pass(29_000, 4000);
      expect(handler.runs[0]?.signal.aborted).toBe(false);
      await pass(1100);
      await drained;
      expect(handler.runs[0]?.signal.aborted).toBe(true);
      const [job] = await rows();
      expect(job).toMatchObject({ worker: null, claims: 0 });
      const next = watched(async () => done);
      await open(next, "b");
      await until(() => next.runs.length === 1);
    });

    test("what a handed-back job does afterwards changes nothing", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      const runner = await open(handler);
      await add("a");
      await until(() => handler.runs.length === 1);
      await runner.close();
      gate.resolve(done);
      await settle();
      expect(await rows()).toHaveLength(1);
    });

    test("a crashed holder's job is taken up: at once alone, else with its lease [J03]", async () => {
      await add("a");
      await holdElsewhere();
      const handler = watched(async () => done);
      await open(handler);
      if (store.isShared) {
        await pass(leaseMs - 1500);
        expect(handler.runs).toHaveLength(0);
      }
      await passUntil(() => handler.runs.length === 1);
      expect(handler.runs[0]?.job.claims).toBe(2);
    });

    test("work that outlasts its lease is not stolen while its holder lives [J02]", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      await open(handler);
      await add("a");
      await until(() => handler.runs.length === 1);
      const thief = watched(async () => done);
      if (store.isShared) await open(thief, "b");
      await pass(4 * leaseMs, 2500);
      expect([handler.runs.length, thief.runs.length]).toEqual([1, 0]);
      expect(handler.runs[0]?.signal.aborted).toBe(false);
      gate.resolve(done);
      await until(isQueueEmpty);
    });

    test("a lease that was lost aborts the work, whose outcome no longer counts [J04]", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      await open(handler);
      await add("a");
      await until(() => handler.runs.length === 1);
      // As if this process had been stopped for longer than its lease.
      await store.write((tx) =>
        tx.query
          .updateTable("jobs")
          .set((e) => ({ worker: "b", fence: e("fence", "+", 1), due_at: clock.now() + hour }))
          .execute(),
      );
      clock.advance(leaseMs / 3);
      await until(() => handler.runs[0]?.signal.aborted === true);
      gate.resolve(done);
      await settle();
      expect((await rows())[0]?.worker).toBe("b");
    });

    test("a wall clock set forward steals no live lease, set back delays no retry [L08, L09]", async () => {
      // Where processes share a database its clock counts, and that is not ours to set.
      if (store.isShared) return;
      const handler = watched((job) =>
        job.subject === "long" ? new Promise<JobOutcome>(() => {}) : Promise.resolve(done),
      );
      await open(handler);
      await add("long");
      await until(() => handler.runs.length === 1);
      clock.step(hour);
      await add("other");
      await until(() => handler.runs.length === 2);
      await pass(2000);
      expect(handler.runs.map(({ job }) => job.subject)).toEqual(["long", "other"]);
      await add("retry", 4000);
      await settle();
      clock.step(-hour);
      await pass(4500);
      await until(() => handler.runs.length === 3);
    });

    test("a job queued without a wake-up is found by the next look of its own", async () => {
      const handler = watched(async () => done);
      await open(handler);
      await settle();
      await store.write((tx) => enqueue({ ...tx, wake: () => {} }, { kind: "test", subject: "a" }));
      const startedAtMs = clock.elapsed();
      await passUntil(() => handler.runs.length === 1, 100);
      expect(clock.elapsed() - startedAtMs).toBeLessThan(store.isShared ? 30_000 : 62_000);
    });
  });
}

function watched(
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
