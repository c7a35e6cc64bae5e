import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import type { Store } from "../../src/db/store.ts";
import {
  beatJob,
  type ClaimedJob,
  type ClaimOptions,
  claimJobs,
  enqueue,
  failJob,
  finishJob,
  type NewJob,
  recoverHeldJobs,
  releaseJob,
  rescheduleJob,
  shiftWaitingJobs,
} from "../../src/jobs/queue.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { explain } from "../support/query-plan.ts";
import type { StorePlace } from "./store.ts";

const leaseMs = 15_000;

/** What the queue promises on every engine. */
export function queueContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`queue on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;
    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
    });
    afterEach(() => store.close());

    const add = (subject: string, job: Partial<NewJob> = {}) =>
      store.write((tx) => enqueue(tx, { kind: "test", subject, ...job }));
    const claim = (options: Partial<ClaimOptions> = {}) =>
      store.write((tx) =>
        claimJobs(tx, {
          kind: "test",
          worker: "a",
          leaseMs,
          limit: 10,
          except: [],
          skipLocked: store.skipLocked,
          ...options,
        }),
      );
    const claimOne = async (worker = "a"): Promise<ClaimedJob> => {
      const [job] = await claim({ worker, limit: 1 });
      if (!job) throw new Error("nothing to claim");
      return job;
    };
    const subjects = (jobs: readonly { subject: string }[]) => jobs.map(({ subject }) => subject);
    const rows = () => store.read.selectFrom("jobs").selectAll().orderBy("subject").execute();

    test("a job whose transaction rolls back never runs [J08]", async () => {
      const failing = store.write(async (tx) => {
        await enqueue(tx, { kind: "test", subject: "a" });
        throw new Error("on purpose");
      });
      await expect(failing).rejects.toThrow();
      expect(await claim()).toEqual([]);
    });

    test("the longest due comes first, and those of one moment in the order queued", async () => {
      await store.write(async (tx) => {
        for (const subject of ["c", "a", "b"]) await enqueue(tx, { kind: "test", subject });
      });
      await add("later", { delayMs: 10 });
      clock.advance(20);
      const order: string[] = [];
      for (let count = 0; count < 4; count++) order.push((await claimOne()).subject);
      expect(order).toEqual(["c", "a", "b", "later"]);
    });

    test("one job waits for each kind and subject: due early, with newest payload", async () => {
      await add("a", { delayMs: 60_000, payload: { n: 1 } });
      await add("a", { payload: { n: 2 } });
      await add("a", { delayMs: 90_000, payload: { n: 3 } });
      await add("a", { kind: "other" });
      const jobs = await claim();
      expect(jobs.map(({ payload }) => payload)).toEqual(['{"n":3}']);
      expect(await rows()).toHaveLength(2);
    });

    test("a job waits for its time, were it the year 9999; one of 1970 is due [J15]", async () => {
      await add("far", { delayMs: Date.UTC(9999, 11, 31) - clock.now() });
      await add("soon", { delayMs: 5000 });
      await add("past");
      await store.write((tx) =>
        tx.query.updateTable("jobs").set({ due_at: 0 }).where("subject", "=", "past").execute(),
      );
      expect(subjects(await claim())).toEqual(["past"]);
      clock.advance(5100);
      expect(subjects(await claim())).toEqual(["soon"]);
    });

    test("claimers at the same time share the jobs and never one job", async () => {
      await store.write(async (tx) => {
        for (let count = 0; count < 40; count++) {
          await enqueue(tx, { kind: "test", subject: `s${count}` });
        }
      });
      const claimed = await Promise.all(
        ["a", "b", "c", "d"].map((worker) => claim({ worker, limit: 10 })),
      );
      expect(claimed.map(({ length }) => length)).toEqual([10, 10, 10, 10]);
      expect(new Set(subjects(claimed.flat())).size).toBe(40);
    });

    test("a claim takes its own kind, its limit, and nothing that is excepted", async () => {
      for (const subject of ["a", "b", "c"]) await add(subject);
      await add("d", { kind: "other" });
      const [first] = await claim({ limit: 1 });
      clock.advance(leaseMs + 1);
      const rest = await claim({ limit: 2, except: [first?.id ?? ""] });
      expect(subjects(rest).toSorted()).toEqual(["b", "c"]);
    });

    test("a lease that is beaten is never taken; one that is not, when it ends [J02]", async () => {
      await add("a");
      const job = await claimOne();
      for (let beat = 0; beat < 4; beat++) {
        clock.advance(leaseMs - 1000);
        expect(await claim({ worker: "b" })).toEqual([]);
        expect(await store.write((tx) => beatJob(tx, job, leaseMs))).toBe(true);
      }
      clock.advance(leaseMs - 1000);
      expect(await claim({ worker: "b" })).toEqual([]);
      clock.advance(1100);
      expect(subjects(await claim({ worker: "b" }))).toEqual(["a"]);
    });

    test("whoever lost the lease can do nothing with the job any more [J04]", async () => {
      await add("a");
      const lost = await claimOne("a");
      clock.advance(leaseMs + 100);
      // The same worker once more: the name alone proves nothing.
      const held = await claimOne("a");
      const late = [
        (await store.write((tx) => finishJob(tx, lost))) as boolean,
        await store.write((tx) => beatJob(tx, lost, leaseMs)),
        await store.write((tx) => releaseJob(tx, lost)),
        await store.write((tx) => rescheduleJob(tx, lost, 1)),
        await store.write((tx) => failJob(tx, lost, 1)),
      ];
      expect(late).toEqual([false, false, false, false, false]);
      expect(held.claims).toBe(2);
      expect(await store.write((tx) => finishJob(tx, held))).toBe(true);
      expect(await rows()).toEqual([]);
    });

    test("work and the end of its job commit together, or neither does", async () => {
      await add("a");
      const job = await claimOne();
      const failing = store.write(async (tx) => {
        await finishJob(tx, job);
        throw new Error("on purpose");
      });
      await expect(failing).rejects.toThrow();
      expect(await rows()).toHaveLength(1);
    });

    test("released is due now, rescheduled later, and neither counts as lost", async () => {
      await add("a");
      await store.write(async (tx) => releaseJob(tx, await claimOneIn(tx, "a")));
      const released = await claimOne();
      expect(released.claims).toBe(1);
      await store.write((tx) => rescheduleJob(tx, released, 5000));
      expect(await claim()).toEqual([]);
      clock.advance(5100);
      const again = await claimOne();
      expect([again.claims, again.id]).toEqual([1, released.id]);
      await store.write((tx) => failJob(tx, again, 0));
      expect((await claimOne()).claims).toBe(2);
    });

    test("a job queued while its twin runs waits for it, and is the one that stays", async () => {
      await add("a");
      const held = await claimOne();
      await add("a", { payload: { n: 2 } });
      expect(await claim({ worker: "b" })).toEqual([]);
      await store.write((tx) => failJob(tx, held, 60_000));
      const [job, ...others] = await claim({ worker: "b" });
      expect(others).toEqual([]);
      expect([job?.payload, job?.claims]).toEqual(['{"n":2}', 2]);
    });

    test("after a crash every held job is due, with its claim counted", async () => {
      for (const subject of ["a", "b"]) await add(subject);
      await claim();
      await store.write(recoverHeldJobs);
      const jobs = await claim({ worker: "b" });
      expect(jobs.map(({ claims }) => claims)).toEqual([2, 2]);
    });

    test("what waits can be moved with a wall clock that fell back [L09]", async () => {
      await add("a", { delayMs: 4000 });
      clock.step(-3_600_000);
      await store.write((tx) => shiftWaitingJobs(tx, -3_600_000));
      clock.advance(3500);
      expect(await claim()).toEqual([]);
      clock.advance(600);
      expect(subjects(await claim())).toEqual(["a"]);
    });

    test("10,000 jobs queued: a claim takes milliseconds and scans no table [J16]", async () => {
      await fill(store, 10_000, clock.now());
      const times: number[] = [];
      for (let count = 0; count < 100; count++) {
        const startedAt = performance.now();
        await claim({ limit: 2 });
        times.push(performance.now() - startedAt);
      }
      expect(times.toSorted((a, b) => a - b)[49]).toBeLessThan(10);
      const plan = await explain(store, (tx) =>
        claimJobs(tx, {
          kind: "test",
          worker: "a",
          leaseMs,
          limit: 2,
          except: ["x"],
          skipLocked: store.skipLocked,
        }),
      );
      expect(plan.length).toBeGreaterThan(2);
      expect(plan.filter((step) => /Seq Scan on jobs|SCAN (job|jobs|held)\b/.test(step))).toEqual(
        [],
      );
    });

    const claimOneIn = async (tx: Parameters<typeof claimJobs>[0], worker: string) => {
      const { skipLocked } = store;
      const options = { kind: "test", worker, leaseMs, limit: 1, except: [], skipLocked };
      const [job] = await claimJobs(tx, options);
      if (!job) throw new Error("nothing to claim");
      return job;
    };
  });
}

async function fill(store: Store, count: number, dueAt: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, index) => ({
    id: `job_${String(index).padStart(5, "0")}`,
    kind: "test",
    subject: `subject_${index}`,
    payload: "{}",
    due_at: dueAt - 1000,
    worker: null,
    claims: 0,
    fence: 0,
    created_at: dueAt,
  }));
  for (let from = 0; from < count; from += 1000) {
    const slice = jobs.slice(from, from + 1000);
    await store.write((tx) => tx.query.insertInto("jobs").values(slice).execute());
  }
  if (store.skipLocked) {
    // Autovacuum does this within a minute of such growth; a test has no minute.
    await store.write((tx) => sql`analyze jobs`.execute(tx.query));
  }
}
