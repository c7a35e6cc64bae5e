import { afterEach, expect, test } from "bun:test";
import { openSweeper, stalledAfterMs, sweepStalled } from "../../src/assets/sweeper.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";
import { silentLog } from "../support/silent-log.ts";

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

test("an open sweeper sweeps every minute, and no more once it is closed", async () => {
  const idle = await openIdle();
  const { asset } = await idle.ensure();
  await dropJobs(idle);
  const clock = createManualClock(idle.clock.now());
  const sweeper = openSweeper({ ...idle, clock, log: silentLog });
  idle.clock.advance(stalledAfterMs);
  clock.advance(stalledAfterMs);
  // The next sweep is planned when this one, which came too early, is done.
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  idle.clock.advance(60_000);
  clock.advance(60_000);
  await idle.until(asset.id, ({ asset: { status } }) => status === "failed");
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  sweeper.close();
  expect(clock.pending).toBe(0);
});
