import { join } from "node:path";
import { createEnsureAsset } from "../../src/assets/ensure.ts";
import { generationJob } from "../../src/assets/generations.ts";
import { renditionJob } from "../../src/assets/renditions.ts";
import { type AssetRequest, type AssetView, plainRequest } from "../../src/assets/request.ts";
import { findAssetView } from "../../src/assets/store.ts";
import { cleanupJob, purgeJob } from "../../src/assets/transition.ts";
import { uploadCleanupJob } from "../../src/assets/uploads.ts";
import { openStore } from "../../src/db/open-store.ts";
import type { Store } from "../../src/db/store.ts";
import { openRunner, type Runner } from "../../src/jobs/runner.ts";
import type { Media } from "../../src/media/media.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { createAdvance } from "../../src/pipeline/advance.ts";
import { createCleanup } from "../../src/pipeline/cleanup.ts";
import { createPurge } from "../../src/pipeline/purge.ts";
import { createRenditionJob } from "../../src/pipeline/rendition.ts";
import type { PipelineDeps } from "../../src/pipeline/stage.ts";
import { createUploadCleanup } from "../../src/pipeline/upload-cleanup.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { seededProjectId, seedProject } from "./seed-project.ts";
import { silentLog } from "./silent-log.ts";
import { smallPicture } from "./small-picture.ts";
import { openTemporaryDirectory } from "./temporary-directory.ts";

export interface TestPipeline {
  readonly store: Store;
  readonly storage: Storage;
  readonly media: Media;
  readonly clock: ManualClock;
  readonly runner: Runner;
  ensure(request?: Partial<AssetRequest>): Promise<AssetView>;
  /** Resolves once the asset is as asked for; looks at each of its wake-ups. */
  until(assetId: string, isSo: (view: AssetView) => boolean): Promise<AssetView>;
  /** The events of an asset as `type` or `type:stage`, oldest first. */
  eventsOf(assetId: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type TestPipelineOptions = Partial<PipelineDeps> &
  Pick<PipelineDeps, "vision" | "motion"> & { readonly plan?: string };

const untilTimeoutMs = 20_000;

/** The pipeline on a real database, disk and ffmpeg, with a clock and providers of the test's. */
export async function openTestPipeline(options: TestPipelineOptions): Promise<TestPipeline> {
  const folder = await openTemporaryDirectory();
  const clock = createManualClock();
  const database = { kind: "sqlite", path: join(folder.path, "test.db") } as const;
  const store = await openStore(database, { clock, log: silentLog });
  const { plan, ...overrides } = options;
  await seedProject(store, { allowedOrigins: ["https://cdn.acme.com"], plan: plan ?? "unlimited" });
  const storage = openStorage({ kind: "disk", root: join(folder.path, "media") });
  const deps = {
    store,
    clock,
    storage,
    media: await openMedia({ ffmpegPath: undefined }),
    sources: { read: async (_src: string, path: string) => void (await Bun.write(path, still)) },
    measureSeam: async () => ({ sr: 1.1, ar: 1.05, delta: 0.001, lumaStep: 0.2 }),
    scratchRoot: join(folder.path, "scratch"),
    log: silentLog,
    ...overrides,
  };
  const handlers = {
    [generationJob]: createAdvance(deps),
    [renditionJob]: createRenditionJob(deps),
    [cleanupJob]: createCleanup(deps),
    [uploadCleanupJob]: createUploadCleanup(deps),
    [purgeJob]: createPurge({ purger: undefined, log: silentLog }),
  };
  const worker = "test";
  const runner = await openRunner({
    store,
    handlers,
    concurrency: 2,
    worker,
    clock,
    log: silentLog,
  });
  const ensureAsset = createEnsureAsset({ store, clock, createId: () => Bun.randomUUIDv7() });
  return {
    store,
    storage,
    media: deps.media,
    clock,
    runner,
    ensure: (request = {}) =>
      ensureAsset({ ...shortRequest, ...request }, { requestId: "req_test" }),
    until: (assetId, isSo) => until(store, assetId, isSo),
    eventsOf: (assetId) => eventsOf(store, assetId),
    async close() {
      await runner.close();
      await storage.close();
      await store.close();
      await folder.close();
    },
  };
}

const still = await smallPicture();

const shortRequest: AssetRequest = {
  ...plainRequest(seededProjectId, "https://cdn.acme.com/still.png"),
  durSeconds: 2,
};

function until(
  store: Store,
  assetId: string,
  isSo: (view: AssetView) => boolean,
): Promise<AssetView> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const view = await findAssetView(store.read, assetId);
      if (!view || !isSo(view)) return;
      end();
      resolve(view);
    };
    const unsubscribe = store.subscribe(() => void look().catch(reject));
    const timer = setTimeout(() => {
      end();
      reject(new Error(`asset ${assetId} did not become what was waited for`));
    }, untilTimeoutMs);
    const end = () => {
      unsubscribe();
      clearTimeout(timer);
    };
    void look().catch(reject);
  });
}

async function eventsOf(store: Store, assetId: string): Promise<readonly string[]> {
  const rows = await store.read
    .selectFrom("events")
    .select(["type", "payload"])
    .where("asset_id", "=", assetId)
    .orderBy("id")
    .execute();
  return rows.map(({ type, payload }) => {
    const { stage } = JSON.parse(payload) as { stage?: string };
    return stage === undefined ? type : `${type}:${stage}`;
  });
}
