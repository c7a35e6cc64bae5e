import { afterAll, afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { generationJob } from "../../src/assets/generations.ts";
import { findGeneration } from "../../src/assets/store.ts";
import { transition } from "../../src/assets/transition.ts";
import type { Store } from "../../src/db/store.ts";
import { AppError } from "../../src/errors.ts";
import { claimJobs } from "../../src/jobs/queue.ts";
import { leaseMs } from "../../src/jobs/runner.ts";
import { createAdvance } from "../../src/pipeline/advance.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";
import { silentLog } from "../support/silent-log.ts";
import { smallPicture } from "../support/small-picture.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(() => folder.close());

let pipeline: TestPipeline | undefined;
afterEach(async () => {
  await pipeline?.close();
  pipeline = undefined;
});

const still = await smallPicture();

/** One job of a generation in the hand of the test, its store with the faults of the test. */
async function openStep(faults: { onRead?: () => Promise<void>; onWrite?: () => void } = {}) {
  const motion = [createFakeMotion({ clipPath: "never used" })] as const;
  const opened = await openTestPipeline({ vision: createFakeVision(), motion });
  pipeline = opened;
  await opened.runner.drain(0);
  const { asset, newest } = await opened.ensure();
  const options = { kind: generationJob, leaseMs, limit: 1, except: [], skipLocked: false };
  const claim = async (worker: string) =>
    (await opened.store.write((tx) => claimJobs(tx, { ...options, worker })))[0];
  const store: Store = Object.create(opened.store, {
    write: {
      value: async (work: Parameters<Store["write"]>[0]) => {
        faults.onWrite?.();
        return opened.store.write(work);
      },
    },
  });
  const advance = createAdvance({
    ...opened,
    store,
    log: silentLog,
    media: opened.media,
    measureSeam: () => Promise.reject(new Error("never measured")),
    scratchRoot: join(folder.path, "scratch"),
    vision: createFakeVision(),
    motion,
    sources: {
      read: async (_src, path) => {
        await faults.onRead?.();
        await Bun.write(path, still);
      },
    },
  });
  const job = await claim("test");
  if (!job) throw new Error("there is no job to claim");
  return {
    ...opened,
    asset,
    newest,
    job,
    run: () => advance.run(job, new AbortController().signal),
  };
}

test("an outage of the database at the end of a stage costs it no attempt [D01]", async () => {
  const onWrite = () => {
    throw new AppError("unavailable", "the database cannot do this now, try again");
  };
  const { run, newest, store, eventsOf, asset } = await openStep({ onWrite });
  await expect(run()).rejects.toThrow("the database cannot do this now");
  const generation = await findGeneration(store.read, newest.id);
  expect(generation).toMatchObject({ state: "source", stage_attempts: 0 });
  expect(await eventsOf(asset.id)).toEqual(["queued"]);
});

test("what a stage stores after its generation has ended is removed again", async () => {
  const faults: { onRead?: () => Promise<void> } = {};
  const { run, newest, store, clock, job } = await openStep(faults);
  faults.onRead = async () => {
    const failure = { code: "pipeline_stalled", message: "no progress" };
    await transition({ store, clock }, { generation: newest, event: "failed", failure });
    await store.write((tx) => tx.query.deleteFrom("jobs").execute());
  };
  expect(await run()).toEqual({ state: "settled" });
  const jobs = await store.read.selectFrom("jobs").select(["kind", "subject"]).execute();
  expect(jobs).toEqual([{ kind: "cleanup", subject: newest.id }]);
  expect(job.subject).toBe(newest.id);
});
