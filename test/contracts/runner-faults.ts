import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { JobOutcome } from "../../src/jobs/handler.ts";
import { enqueue } from "../../src/jobs/queue.ts";
import { leaseMs } from "../../src/jobs/runner.ts";
import { claimsLostMax } from "../../src/jobs/work.ts";
import { done, useRunner, watched } from "../support/runner-bench.ts";
import { settle, until } from "../support/until.ts";
import type { StorePlace } from "./store.ts";

const hour = 3_600_000;
const never = new AbortController().signal;

/** What the runner makes of throws, crashes, lost leases and a clock that jumps. */
export function runnerFaultsContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`runner among faults on ${name}`, () => {
    const on = useRunner(createPlace);

    test("a throw is logged and tried again later; the process lives on [L15]", async () => {
      const handler = watched(async (job) => {
        if (job.subject === "a" && job.claims < 3) throw new Error("on purpose");
        return done;
      });
      await on.open(handler);
      await on.add("a");
      await until(() => on.log.lines.some(({ message }) => message === "job_failed"));
      await on.add("b");
      await until(async () => (await on.rows()).length === 1);
      expect((await on.rows())[0]).toMatchObject({ subject: "a", worker: null, claims: 1 });
      await on.passUntil(on.isQueueEmpty);
      expect(on.log.lines.filter(({ level }) => level === "error")).toHaveLength(2);
    });

    test("an outage costs no claim, however long it lasts", async () => {
      let isDown = true;
      const handler = watched(async () => {
        if (isDown) throw new AppError("unavailable", "full disk", { retryAfterMs: 7000 });
        return done;
      });
      await on.open(handler);
      await on.add("a");
      let askedAtMs = 0;
      for (let run = 1; run <= 12; run++) {
        await on.passUntil(() => handler.runs.length === run, 500);
        if (run > 1) expect(on.clock.elapsed() - askedAtMs).toBeGreaterThan(6000);
        askedAtMs = on.clock.elapsed();
        await until(async () => (await on.rows())[0]?.worker === null);
      }
      isDown = false;
      await on.passUntil(on.isQueueEmpty);
      expect(handler.exhaustedJobs).toEqual([]);
    });

    test("a job that took five processes down is ended, not run [J07, K21]", async () => {
      await on.add("a");
      for (let crash = 0; crash < claimsLostMax; crash++) {
        expect(await on.holdElsewhere()).toHaveLength(1);
        on.clock.advance(leaseMs + 100);
      }
      const handler = watched(async () => done);
      await on.open(handler);
      await until(on.isQueueEmpty);
      expect(handler.runs).toHaveLength(0);
      expect(handler.exhaustedJobs.map(({ claims }) => claims)).toEqual([claimsLostMax + 1]);
    });

    test("a job that can be neither run nor ended is dropped at last, and said so", async () => {
      const handler = watched(async () => {
        throw new Error("on purpose");
      });
      await on.open({ run: handler.run, exhausted: (job) => handler.run(job, never) });
      await on.add("a");
      await on.passUntil(on.isQueueEmpty, 30_000);
      expect(on.log.lines.at(-1)?.fields).toMatchObject({ isDropped: true });
    });

    test("what a handed-back job does afterwards changes nothing", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      const runner = await on.open(handler);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      await runner.close();
      gate.resolve(done);
      await settle();
      expect(await on.rows()).toHaveLength(1);
    });

    test("a crashed holder's job is taken up: at once alone, else after its lease [J03]", async () => {
      await on.add("a");
      await on.holdElsewhere();
      const handler = watched(async () => done);
      await on.open(handler);
      if (on.store.isShared) {
        await on.pass(leaseMs / 2);
        expect(handler.runs).toHaveLength(0);
      }
      await on.passUntil(() => handler.runs.length === 1);
      expect(handler.runs[0]?.job.claims).toBe(2);
    });

    test("work that outlasts its lease is not stolen while its holder lives [J02]", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      await on.open(handler);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      const thief = watched(async () => done);
      if (on.store.isShared) await on.open(thief, "b");
      for (let beat = 0; beat < 12; beat++) {
        // What a beat wrote is seen before the timer of the next is set.
        await until(() => on.clock.pendingFor(leaseMs / 3) === 1);
        const [before] = await on.rows();
        on.clock.advance(leaseMs / 3);
        await until(async () => ((await on.rows())[0]?.due_at ?? 0) > (before?.due_at ?? 0));
      }
      expect([handler.runs.length, thief.runs.length]).toEqual([1, 0]);
      expect(handler.runs[0]?.signal.aborted).toBe(false);
      gate.resolve(done);
      await until(on.isQueueEmpty);
    });

    test("a lease that was lost aborts the work, whose outcome counts no more [J04]", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      await on.open(handler);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      // As if this process had been stopped for longer than its lease.
      await on.store.write((tx) =>
        tx.query
          .updateTable("jobs")
          .set((e) => ({ worker: "b", fence: e("fence", "+", 1), due_at: on.clock.now() + hour }))
          .execute(),
      );
      on.clock.advance(leaseMs / 3);
      await until(() => handler.runs[0]?.signal.aborted === true);
      gate.resolve(done);
      await settle();
      expect((await on.rows())[0]?.worker).toBe("b");
    });

    test("a clock set forward steals no lease, set back delays no retry [L08, L09]", async () => {
      // Where processes share a database its clock counts, and that is not ours to set.
      if (on.store.isShared) return;
      const handler = watched((job) =>
        job.subject === "long" ? new Promise<JobOutcome>(() => {}) : Promise.resolve(done),
      );
      await on.open(handler);
      await on.add("long");
      await until(() => handler.runs.length === 1);
      on.clock.step(hour);
      await on.add("other");
      await until(() => handler.runs.length === 2);
      await on.pass(2000);
      expect(handler.runs.map(({ job }) => job.subject)).toEqual(["long", "other"]);
      await on.add("retry", 4000);
      await settle();
      on.clock.step(-hour);
      await on.pass(4500);
      await until(() => handler.runs.length === 3);
    });

    test("a job queued without a wake-up is found by the next look of its own", async () => {
      const handler = watched(async () => done);
      await on.open(handler);
      await settle();
      await on.store.write((tx) =>
        enqueue({ ...tx, wake: () => {} }, { kind: "test", subject: "a" }),
      );
      await on.passUntil(() => handler.runs.length === 1);
    });
  });
}
