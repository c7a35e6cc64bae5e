import { afterEach, describe, expect, test } from "bun:test";
import { generationJob } from "../../src/assets/generations.ts";
import { findAssetView } from "../../src/assets/store.ts";
import {
  createSweep,
  reconcileSilent,
  silentAfterMs,
  stalledAfterMs,
  startSweeping,
  sweepJob,
  sweepStalled,
} from "../../src/assets/sweeper.ts";
import type { JobHandler } from "../../src/jobs/handler.ts";
import { claimJobs } from "../../src/jobs/queue.ts";
import { leaseMs, openRunner } from "../../src/jobs/runner.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";
import { silentLog } from "../support/silent-log.ts";
import { settle, until } from "../support/until.ts";

let pipeline: TestPipeline | undefined;
afterEach(async () => {
  await pipeline?.close();
  pipeline = undefined;
});

/** A pipeline that takes no jobs, so that what it is asked for stays where it is. */
async function openIdle(): Promise<TestPipeline> {
  const motion = [createFakeMotion({ clipPath: "never used" })] as const;
  pipeline = await openTestPipeline({ vision: createFakeVision(), motion, plan: "free" });
  await pipeline.runner.drain(0);
  return pipeline;
}

const dropJobs = ({ store }: TestPipeline) =>
  store.write((tx) => tx.query.deleteFrom("jobs").execute());

test("a generation without a job and without a sign of life for ten minutes is ended", async () => {
  const idle = await openIdle();
  const { asset } = await idle.ensure();
  await dropJobs(idle);
  idle.clock.advance(stalledAfterMs);
  expect(await sweepStalled(idle)).toBe(0);
  idle.clock.advance(1);
  expect(await sweepStalled(idle)).toBe(1);
  const view = await idle.until(asset.id, ({ asset: { status } }) => status === "failed");
  expect(view.newest).toMatchObject({ error_code: "pipeline_stalled", charged: 0 });
  expect(await idle.eventsOf(asset.id)).toEqual(["queued", "vision_failed", "failed"]);
  expect(await sweepStalled(idle)).toBe(0);
});

test("waiting in the queue is no stall, however long it takes", async () => {
  const idle = await openIdle();
  await idle.ensure();
  idle.clock.advance(24 * 60 * 60_000);
  expect(await sweepStalled(idle)).toBe(0);
});

test("a silent generation whose job was lost gets another after five minutes", async () => {
  const idle = await openIdle();
  await idle.ensure();
  await dropJobs(idle);
  idle.clock.advance(silentAfterMs);
  expect(await reconcileSilent(idle)).toBe(0);
  idle.clock.advance(1);
  expect(await reconcileSilent(idle)).toBe(1);
  const jobs = await idle.store.read.selectFrom("jobs").select("kind").execute();
  expect(jobs).toEqual([{ kind: generationJob }]);
});

describe("the sweep as a job", () => {
  /** A process of its own, as far as the queue can tell. */
  const openSweeping = async (idle: TestPipeline, worker: string) => {
    const swept: string[] = [];
    const sweep = createSweep({ ...idle, log: silentLog });
    const handler = {
      ...sweep,
      run: (...[job, signal]: Parameters<JobHandler["run"]>) => {
        swept.push(worker);
        return sweep.run(job, signal);
      },
    };
    const runner = await openRunner({
      store: Object.defineProperty({ ...idle.store, isShared: true }, "now", {
        get: () => idle.store.now,
      }),
      handlers: { [sweepJob]: handler },
      concurrency: 1,
      worker,
      clock: idle.clock,
      log: silentLog,
    });
    return { swept, runner };
  };

  test("runs every minute, in one process at a time [X15]", async () => {
    const idle = await openIdle();
    const { asset } = await idle.ensure();
    await dropJobs(idle);
    await Promise.all([startSweeping(idle.store), startSweeping(idle.store)]);
    const [a, b] = [await openSweeping(idle, "a"), await openSweeping(idle, "b")];
    const count = () => a.swept.length + b.swept.length;
    const startedMs = idle.clock.elapsed();
    const pass = async (isSo: () => boolean | Promise<boolean>) =>
      until(async () => {
        idle.clock.advance(1000);
        return isSo();
      });
    await pass(() => count() === 4);
    expect(idle.clock.elapsed() - startedMs).toBeGreaterThan(3 * 60_000);
    const statusOf = async () => (await findAssetView(idle.store.read, asset.id))?.asset.status;
    idle.clock.advance(stalledAfterMs);
    await pass(async () => (await statusOf()) === "failed");
    await a.runner.close();
    await b.runner.close();
  });

  test("is taken over within a lease when its process dies [X15]", async () => {
    const idle = await openIdle();
    await startSweeping(idle.store);
    const options = { kind: sweepJob, worker: "killed", leaseMs, limit: 1, except: [] };
    const [held] = await idle.store.write((tx) => claimJobs(tx, { ...options, skipLocked: false }));
    expect(held).toBeDefined();
    const { swept, runner } = await openSweeping(idle, "b");
    await settle();
    expect(swept).toEqual([]);
    const startedMs = idle.clock.elapsed();
    await until(() => {
      idle.clock.advance(100);
      return swept.length === 1;
    });
    expect(idle.clock.elapsed() - startedMs).toBeGreaterThan(leaseMs - 1000);
    await runner.close();
  });
});
