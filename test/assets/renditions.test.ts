import { afterAll, describe, expect, test } from "bun:test";
import {
  countRenditionAttempt,
  createEnsureRendition,
  failRendition,
  findRendition,
  finishRendition,
  forgetRenditions,
  parseRenditionSubject,
  type RenditionMedia,
  renditionJob,
} from "../../src/assets/renditions.ts";
import type { Store } from "../../src/db/store.ts";
import { AppError } from "../../src/errors.ts";
import { claimJobs } from "../../src/jobs/queue.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { testPostgres } from "../support/postgres.ts";
import { addAsset, addGeneration, addProject } from "../support/rows.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";
import { until } from "../support/until.ts";

const server = await testPostgres();
const clock = createManualClock();

const media: RenditionMedia = {
  media_key: "media/a/g.webp",
  media_sha256: "00",
  bytes: 3,
  content_type: "image/webp",
  width: 640,
  height: 360,
};

/** A generation whose clip is kept, or is not any more. */
async function addClip(store: Store, mediaKey: string | null = "media/a/g.mp4") {
  const projectId = await addProject(store);
  const assetId = await addAsset(store, projectId);
  const id = Bun.randomUUIDv7();
  await addGeneration(store, { id, projectId, assetId, mediaKey });
  return { id, asset_id: assetId };
}

async function claim(store: Store) {
  const { skipLocked } = store;
  const options = { kind: renditionJob, worker: "w", leaseMs: 60_000, limit: 9, except: [] };
  const [job] = await store.write((tx) => claimJobs(tx, { ...options, skipLocked }));
  if (!job) throw new Error("no job waits");
  return job;
}

const engines = [
  ["SQLite", () => sqlitePlace()],
  ["PostgreSQL", async () => (server ? postgresPlace(server) : sqlitePlace())],
] as const;

for (const [name, openPlace] of engines) {
  const isMissing = name === "PostgreSQL" && !server;
  describe.skipIf(isMissing)(`a rendition on ${name}`, async () => {
    const store = await (await openPlace()).open(clock);
    afterAll(() => store.close());
    const ensure = createEnsureRendition({ store, clock });

    test("is one row and one job, whoever asks; then it is ready, and wakes its asset", async () => {
      const generation = await addClip(store);
      const other = createEnsureRendition({ store, clock });
      const wanted = await Promise.all([ensure, ensure, other].map((f) => f(generation, "webp")));
      expect(wanted.map(({ state }) => state)).toEqual(["pending", "pending", "pending"]);
      const job = await claim(store);
      expect(parseRenditionSubject(job.subject)).toEqual({
        generationId: generation.id,
        format: "webp",
      });
      expect(await countRenditionAttempt(store, job)).toBe(true);
      const woken: (string | undefined)[] = [];
      const unsubscribe = store.subscribe((topic) => void woken.push(topic));
      expect(await finishRendition(store, job, media)).toBe("ready");
      await until(() => woken.includes(`asset:${generation.asset_id}`));
      unsubscribe();
      expect(await ensure(generation, "webp")).toMatchObject({
        ...media,
        state: "ready",
        attempts: 1,
      });
      // The job is over: nobody can end it again.
      expect(await finishRendition(store, job, media)).toBe("lost");
      expect(await countRenditionAttempt(store, job)).toBe(false);
    });

    test("fails for good, and is forgotten with its clip", async () => {
      const generation = await addClip(store);
      await ensure(generation, "gif");
      await failRendition(store, await claim(store), new AppError("i2v_failed", "no"));
      expect(await ensure(generation, "gif")).toMatchObject({
        state: "failed",
        error_code: "i2v_failed",
        error_msg: "no",
      });
      await forgetRenditions(store, generation.id);
      const rendition = { generationId: generation.id, format: "gif" };
      expect(await findRendition(store.read, rendition)).toBeUndefined();
    });

    test("is unwanted when its clip is not kept any more", async () => {
      const generation = await addClip(store, null);
      await ensure(generation, "avif");
      expect(await finishRendition(store, await claim(store), media)).toBe("unwanted");
    });
  });
}
