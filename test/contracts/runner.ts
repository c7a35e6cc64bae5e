import { describe, expect, test } from "bun:test";
import type { JobOutcome } from "../../src/jobs/handler.ts";
import { enqueue, finishJob } from "../../src/jobs/queue.ts";
import { done, useRunner, watched } from "../support/runner-bench.ts";
import { settle, until } from "../support/until.ts";
import type { StorePlace } from "./store.ts";

/** What the runner promises on every engine. */
export function runnerContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`runner on ${name}`, () => {
    const on = useRunner(createPlace);

    test("a queued job starts without waiting for a timer, and is removed when done", async () => {
      const handler = watched(async () => done);
      await on.open(handler);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      await until(on.isQueueEmpty);
    });

    test("what was queued before the start runs too", async () => {
      await on.add("a");
      const handler = watched(async () => done);
      await on.open(handler);
      await until(() => handler.runs.length === 1);
    });

    test("a delayed job runs when it is due, not before", async () => {
      const handler = watched(async () => done);
      await on.open(handler);
      await on.add("a", 30_000);
      await on.pass(20_000);
      expect(handler.runs).toHaveLength(0);
      await on.passUntil(() => handler.runs.length === 1);
    });

    test("never more at once than the limit, and never idle while jobs wait [J10]", async () => {
      const gates: (() => void)[] = [];
      const handler = watched(() => new Promise((resolve) => gates.push(() => resolve(done))), 4);
      await on.open(handler);
      for (let count = 0; count < 10; count++) await on.add(`s${count}`);
      for (let count = 0; count < 10; count++) {
        await until(() => gates.length > 0);
        await settle();
        gates.shift()?.();
      }
      await until(on.isQueueEmpty);
      expect(handler.mostAtOnce).toBe(4);
    });

    test("kinds without a handler are left alone", async () => {
      await on.open(watched(async () => done));
      await on.store.write((tx) => enqueue(tx, { kind: "other", subject: "a" }));
      await on.add("b");
      await until(async () => (await on.rows()).length === 1);
      expect((await on.rows()).map(({ kind, claims }) => [kind, claims])).toEqual([["other", 0]]);
    });

    test("a job that asks for another time runs again then, with no claim spent", async () => {
      const handler = watched(async () =>
        handler.runs.length < 8 ? { state: "again", delayMs: 5000 } : done,
      );
      await on.open(handler);
      await on.add("a");
      await on.passUntil(on.isQueueEmpty);
      expect(handler.runs.map(({ job }) => job.claims)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
      expect(handler.exhaustedJobs).toEqual([]);
    });

    test("a handler may end its job in its own transaction", async () => {
      const handler = watched(async (job) => {
        await on.store.write((tx) => finishJob(tx, job));
        return { state: "settled" };
      });
      await on.open(handler);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      await until(on.isQueueEmpty);
    });

    test("draining takes nothing more and waits for what runs", async () => {
      const gate = Promise.withResolvers<JobOutcome>();
      const handler = watched(() => gate.promise);
      const runner = await on.open(handler, "a", 1);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      const drained = runner.drain(30_000);
      await on.add("b");
      gate.resolve(done);
      await drained;
      expect(runner.running).toBe(0);
      expect((await on.rows()).map(({ subject, worker }) => [subject, worker])).toEqual([
        ["b", null],
      ]);
    });

    test("after the drain's limit a job is handed back, due now, unspent [L04, L07]", async () => {
      const handler = watched(() => new Promise<JobOutcome>(() => {}));
      const runner = await on.open(handler);
      await on.add("a");
      await until(() => handler.runs.length === 1);
      const beganAtMs = on.clock.elapsed();
      let isDrained = false;
      const drained = runner.drain(30_000).then(() => {
        isDrained = true;
      });
      await on.passUntil(() => isDrained);
      await drained;
      expect(on.clock.elapsed() - beganAtMs).toBeGreaterThanOrEqual(30_000);
      expect(handler.runs[0]?.signal.aborted).toBe(true);
      const [job] = await on.rows();
      expect(job).toMatchObject({ worker: null, claims: 0 });
      const next = watched(async () => done);
      await on.open(next, "b");
      await until(() => next.runs.length === 1);
    });
  });
}
