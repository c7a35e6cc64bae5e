import { generationJob } from "../assets/generations.ts";
import { createProjectEnd, projectEndJob } from "../assets/project-end.ts";
import { renditionJob } from "../assets/renditions.ts";
import { createSweep, startSweeping, sweepJob } from "../assets/sweeper.ts";
import { cleanupJob, purgeJob } from "../assets/transition.ts";
import { uploadCleanupJob } from "../assets/uploads.ts";
import { createCrawl } from "../brand/crawl-job.ts";
import { crawlJob } from "../brand/store.ts";
import { createClosers } from "../closers.ts";
import { fanOutJob } from "../events/announce.ts";
import { clipUrl } from "../http/assets/asset-json.ts";
import type { JobHandlers } from "../jobs/handler.ts";
import { openRunner } from "../jobs/runner.ts";
import { openSeamMeter } from "../loop/seam-meter.ts";
import type { Media } from "../media/media.ts";
import { openEngine } from "../motion/engine.ts";
import type { Exchange } from "../net/exchange.ts";
import { createAdvance } from "../pipeline/advance.ts";
import { createCleanup } from "../pipeline/cleanup.ts";
import { createPurge } from "../pipeline/purge.ts";
import { createRenditionJob } from "../pipeline/rendition.ts";
import type { SourceReader } from "../pipeline/stage.ts";
import { createUploadCleanup } from "../pipeline/upload-cleanup.ts";
import { createSealer } from "../projects/seal.ts";
import { createSpend } from "../projects/spend.ts";
import { createAnthropic } from "../providers/anthropic.ts";
import { createLocalMotion, localEngine } from "../providers/local-motion.ts";
import { createLocalVision } from "../providers/local-vision.ts";
import { createPurger } from "../purge/create-purger.ts";
import type { LocalSight } from "../vision/look.ts";
import { attemptTimeoutMs } from "../webhooks/attempt.ts";
import { createDeliver, resumeDeliveries } from "../webhooks/deliver.ts";
import { createDeliveryId, deliverJob } from "../webhooks/deliveries.ts";
import { createFanOut } from "../webhooks/fan-out.ts";
import type { Ground } from "./ground.ts";

/** Jobs that still run after this long are handed back for the next start. */
const drainMs = 30_000;

/** What takes jobs and does them. */
export interface Work {
  /** What runs may finish for a while; the rest is handed back. */
  close(): Promise<void>;
}

export interface WorkDeps extends Ground {
  readonly media: Media;
  readonly sources: SourceReader;
  readonly exchange: Exchange;
  readonly webhookExchange: Exchange;
  /** The public URL. */
  readonly baseUrl: string;
  readonly sight: LocalSight;
}

export async function openWork(deps: WorkDeps): Promise<Work> {
  const { config, clock, log, store, media } = deps;
  const closers = createClosers(log);
  const { concurrency } = config.jobs;
  const engine = openEngine(
    { clock, tool: media.tool },
    { ...localEngine, workersMax: concurrency },
  );
  closers.add(() => engine.close());
  const { measure: measureSeam, close: closeMeter } = openSeamMeter({ tool: media.tool });
  closers.add(closeMeter);
  const motion = [createLocalMotion({ engine })] as const;
  const vision = createLocalVision(deps);
  const spend = createSpend({ store, now: clock.now }, config.spend);
  const languageModel = config.anthropic && createAnthropic({ clock }, config.anthropic);
  const handlers = {
    [generationJob]: createAdvance({ ...deps, vision, motion, measureSeam }),
    [renditionJob]: createRenditionJob(deps),
    [cleanupJob]: createCleanup({ ...deps, motion }),
    [uploadCleanupJob]: createUploadCleanup(deps),
    [purgeJob]: createPurge({ log, purger: createPurger(config.purge) }),
    [sweepJob]: createSweep(deps),
    [projectEndJob]: createProjectEnd(deps),
    [crawlJob]: createCrawl({ ...deps, spend, languageModel }),
    ...webhookHandlers(deps),
  };
  const worker = Bun.randomUUIDv7();
  const runner = await openRunner({ store, handlers, concurrency, worker, clock, log });
  closers.add(() => runner.drain(drainMs));
  await startSweeping(store);
  await resumeDeliveries(store);
  return { close: closers.closeAll };
}

function webhookHandlers(deps: WorkDeps): JobHandlers {
  const sealer = createSealer(deps.secret.secret);
  const sending = { exchange: deps.webhookExchange, timeoutMs: attemptTimeoutMs };
  return {
    [fanOutJob]: createFanOut({
      ...deps,
      createId: createDeliveryId,
      clipUrl: (assetId) => clipUrl(deps.baseUrl, assetId),
    }),
    [deliverJob]: createDeliver({ ...deps, ...sending, sealer, random: Math.random }),
  };
}
