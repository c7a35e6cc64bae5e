import { afterEach, expect, test } from "bun:test";
import { generationJob } from "../../src/assets/generations.ts";
import { findGeneration } from "../../src/assets/store.ts";
import { transition } from "../../src/assets/transition.ts";
import { type ClaimedJob, claimJobs } from "../../src/jobs/queue.ts";
import { leaseMs } from "../../src/jobs/runner.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";

let pipeline: TestPipeline | undefined;
afterEach(async () => {
  await pipeline?.close();
  pipeline = undefined;
});

async function claim({ store }: TestPipeline, worker: string): Promise<ClaimedJob> {
  const options = { kind: generationJob, worker, leaseMs, limit: 1, except: [], skipLocked: false };
  const [job] = await store.write((tx) => claimJobs(tx, options));
  if (!job) throw new Error("there is no job to claim");
  return job;
}

/** A generation that is to be looked at, and nobody who takes its jobs. */
async function openAtVision() {
  const motion = [createFakeMotion({ clipPath: "never used" })] as const;
  pipeline = await openTestPipeline({ vision: createFakeVision(), motion });
  await pipeline.runner.drain(0);
  const { asset, newest } = await pipeline.ensure();
  const job = await claim(pipeline, "first");
  await transition(pipeline, { generation: newest, event: "fetched", job });
  const generation = await findGeneration(pipeline.store.read, newest.id);
  if (!generation) throw new Error("the generation is gone");
  return { pipeline, assetId: asset.id, generation };
}

test("a stage is begun by the holder of its job alone, and once [J04]", async () => {
  const { pipeline: opened, assetId, generation } = await openAtVision();
  const stale = await claim(opened, "stopped");
  opened.clock.advance(leaseMs);
  const job = await claim(opened, "alive");
  const begin = (by: ClaimedJob) => transition(opened, { generation, event: "started", job: by });
  expect(await begin(stale)).toBe(false);
  expect(await begin(job)).toBe(true);
  expect(await begin(job)).toBe(false);
  expect(await opened.eventsOf(assetId)).toEqual(["queued", "vision_started"]);
});

test("a stage is ended by the holder of its job alone [J04]", async () => {
  const { pipeline: opened, assetId, generation } = await openAtVision();
  const stale = await claim(opened, "stopped");
  opened.clock.advance(leaseMs);
  const job = await claim(opened, "alive");
  const fail = (by: ClaimedJob) =>
    transition(opened, {
      generation,
      event: "failed",
      failure: { code: "vision_blocked", message: "NSFW source" },
      job: by,
    });
  expect(await fail(stale)).toBe(false);
  expect(await fail(job)).toBe(true);
  expect((await opened.eventsOf(assetId)).filter((type) => type === "failed")).toHaveLength(1);
});

test("a move that the state does not allow is refused", async () => {
  const { pipeline: opened, generation } = await openAtVision();
  const wrong = transition(opened, { generation, event: "written" });
  await expect(wrong).rejects.toThrow("written cannot happen in state vision");
});
