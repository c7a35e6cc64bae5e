import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadPageFiles } from "../public/page-files.ts";
import { setupPage } from "../public/setup-page.ts";
import { createPasswords, type Passwords } from "./accounts/passwords.ts";
import { ensureWayIn } from "./accounts/setup.ts";
import { createEnsureAsset, type EnsureAsset } from "./assets/ensure.ts";
import { generationJob } from "./assets/generations.ts";
import { createProjectEnd, projectEndJob } from "./assets/project-end.ts";
import { createEnsureRendition, renditionJob } from "./assets/renditions.ts";
import type { AssetRequest, AssetView } from "./assets/request.ts";
import { findAssetView } from "./assets/store.ts";
import { createSweep, startSweeping, sweepJob } from "./assets/sweeper.ts";
import { cleanupJob, purgeJob } from "./assets/transition.ts";
import { findUpload, uploadCleanupJob } from "./assets/uploads.ts";
import { createCrawl } from "./brand/crawl-job.ts";
import { crawlJob } from "./brand/store.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Closers, createClosers } from "./closers.ts";
import { ensureServerSecret, type ServerSecret } from "./config/server-secret.ts";
import type { Config } from "./config.ts";
import { type DataDirLock, openDataDirLock } from "./db/data-dir-lock.ts";
import { openStore } from "./db/open-store.ts";
import type { Store } from "./db/store.ts";
import { animateSamples, openDemo } from "./demo.ts";
import { AppError } from "./errors.ts";
import { type Http, openHttp } from "./http/http.ts";
import { isLoopbackHost } from "./http/listen.ts";
import type { Demo } from "./http/page/demo.ts";
import type { Renditions } from "./http/proxy/rendition.ts";
import { findUploadKey } from "./http/proxy/upload-url.ts";
import { openRunner } from "./jobs/runner.ts";
import type { Log } from "./log.ts";
import { openSeamMeter } from "./loop/seam-meter.ts";
import { getRenditionEncoder } from "./media/ffmpeg/rendition-encoder.ts";
import type { Media, MediaTool } from "./media/media.ts";
import { openMediaWith, resolveTool } from "./media/open-media.ts";
import { openEngine } from "./motion/engine.ts";
import { createAskJson } from "./net/ask-json.ts";
import { createGuardedClient } from "./net/client.ts";
import type { Exchange } from "./net/exchange.ts";
import { createAdvance } from "./pipeline/advance.ts";
import { createCleanup } from "./pipeline/cleanup.ts";
import { createEstimate, createEta, type Estimate } from "./pipeline/eta.ts";
import { createPurge } from "./pipeline/purge.ts";
import { createRenditionJob } from "./pipeline/rendition.ts";
import { clearScratch } from "./pipeline/scratch.ts";
import { createSourceReader } from "./pipeline/sources.ts";
import type { SourceReader } from "./pipeline/stage.ts";
import { createUploadCleanup } from "./pipeline/upload-cleanup.ts";
import { findProxyProject } from "./projects/proxy-project.ts";
import { createSealer } from "./projects/seal.ts";
import { createLocalMotion, localEngine, localEstimate } from "./providers/local-motion.ts";
import { createLocalVision } from "./providers/local-vision.ts";
import { createPurger } from "./purge/create-purger.ts";
import { openStorage } from "./storage/open-storage.ts";
import type { Storage } from "./storage/storage.ts";
import { version } from "./version.ts";
import type { LocalSight } from "./vision/look.ts";
import { openSight } from "./vision/open-sight.ts";

/** A running server. */
export interface App {
  /** As this machine reaches it. */
  readonly url: string;
  readonly tool: MediaTool;
  readonly secretOrigin: ServerSecret["origin"];
  /** Whether the data folder was made by this start. */
  readonly isNew: boolean;
  readonly hasDemo: boolean;
  /** Makes the first administrator, once and for half an hour; undefined when there is one. */
  readonly setupUrl: string | undefined;
  /** Ends streams and requests, lets running jobs finish for a while, hands back the rest. */
  close(): Promise<void>;
}

export interface AppDeps {
  readonly log: Log;
  readonly clock?: Clock;
}

/** Jobs that still run after this long are handed back for the next start. */
const drainMs = 30_000;

/**
 * The composition root: opens everything in its order, wires it, and closes it in reverse.
 * @throws AppError naming what could not be opened; nothing stays open then.
 */
export async function openApp(config: Config, deps: AppDeps): Promise<App> {
  const closers = createClosers(deps.log);
  try {
    return await open(config, { clock: systemClock, ...deps }, closers);
  } catch (thrown) {
    await closers.closeAll();
    throw thrown;
  }
}

/** What is opened before anything can be asked for. */
interface Ground {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly secret: ServerSecret;
  readonly store: Store;
  readonly storage: Storage;
  readonly scratchRoot: string;
}

async function open(config: Config, deps: Required<AppDeps>, closers: Closers): Promise<App> {
  const isNew = !existsSync(config.dataDir);
  const lock = openDataDirLock(config.dataDir);
  closers.add(() => lock.close());
  // Before there is a database: a depth model that cannot be used is a setting that is wrong.
  const sight = openSight(deps, config.sight);
  closers.add(() => sight.close());
  await sight.check();
  const ground = await openGround(config, deps, closers, lock);
  const demo = isDemoWanted(config) ? await openDemo(ground) : undefined;
  let work: Work | undefined;
  // Added before the front door is: that one closes first, so that nothing new is asked for.
  closers.add(() => work?.close());
  const passwords = createPasswords();
  const setupToken = await ensureWayIn({ ...ground, passwords }, config.firstAdmin);
  const found = Promise.withResolvers<MediaTool>();
  const desk = openDesk(ground, found.promise, () => work);
  const http = await openFront({ ...ground, passwords }, desk, demo, closers);
  desk.place(http);
  // The server answers before: asking ffmpeg what it can do takes longer than all the rest.
  resolveTool(config.media).then(found.resolve, found.reject);
  const tool = await found.promise;
  const { sources, exchange } = desk;
  work = await openWork({ ...ground, sources, exchange, sight, media: openMediaWith(tool) });
  const hasDemo = demo !== undefined && http.isLoopback && (await demo.isOn());
  if (hasDemo) {
    closers.add(animateSamples({ ...ground, ...desk, baseUrl: http.baseUrl }, demo).close);
  }
  return {
    url: http.url,
    tool,
    secretOrigin: ground.secret.origin,
    isNew,
    hasDemo,
    setupUrl: setupToken && `${http.baseUrl}/setup#token=${setupToken}`,
    close: closers.closeAll,
  };
}

async function openGround(
  config: Config,
  { log, clock }: Required<AppDeps>,
  closers: Closers,
  { wasAbandoned }: DataDirLock,
): Promise<Ground> {
  const secret = ensureServerSecret(config);
  const store = await openStore(config.database, { clock, log, wasAbandoned });
  closers.add(() => store.close());
  const storage = openStorage(config.storage);
  closers.add(() => storage.close());
  const scratchRoot = join(config.dataDir, "scratch");
  await clearScratch(scratchRoot);
  return { config, clock, log, secret, store, storage, scratchRoot };
}

/** What the front door asks for: work to be done, and how it stands. */
interface Desk {
  readonly ensureAsset: EnsureAsset;
  readonly sources: SourceReader;
  /** The one way out to addresses that others choose. */
  readonly exchange: Exchange;
  readonly etaMs: (view: AssetView) => number;
  readonly renditions: Renditions;
  readonly estimate: (request: AssetRequest) => Estimate;
  /** Throws unless jobs are being taken. */
  readonly check: () => Promise<void>;
  /** Tells where the server is reached: a source cannot be asked for before that. */
  place(http: Http): void;
}

function openDesk(ground: Ground, found: Promise<MediaTool>, work: () => Work | undefined): Desk {
  const { config, clock, store, storage } = ground;
  let own: Http | undefined;
  const client = createGuardedClient(
    { now: clock.now, ownOrigins: () => (own ? ownOrigins(config, own) : []) },
    config.net,
  );
  const sources = createSourceReader({
    storage,
    client,
    findUploadKey: (src) => own && findUploadKey(own.baseUrl, src),
  });
  return {
    sources,
    exchange: client.exchange,
    ensureAsset: createEnsureAsset({ store, clock, createId: () => Bun.randomUUIDv7() }),
    etaMs: createEta(clock, [localEstimate]),
    estimate: createEstimate([localEstimate]),
    renditions: {
      check: async (format) => void getRenditionEncoder(await found, format),
      ensure: createEnsureRendition({ store, clock }),
    },
    async check() {
      if (!work()) throw new AppError("unavailable", "no jobs are taken yet");
    },
    place(http) {
      own = http;
    },
  };
}

/** What takes jobs and does them. */
interface Work {
  /** What runs may finish for a while; the rest is handed back. */
  close(): Promise<void>;
}

interface WorkDeps extends Ground {
  readonly media: Media;
  readonly sources: SourceReader;
  readonly exchange: Exchange;
  readonly sight: LocalSight;
}

async function openWork(deps: WorkDeps): Promise<Work> {
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
  const handlers = {
    [generationJob]: createAdvance({ ...deps, vision, motion, measureSeam }),
    [renditionJob]: createRenditionJob(deps),
    [cleanupJob]: createCleanup({ ...deps, motion }),
    [uploadCleanupJob]: createUploadCleanup(deps),
    [purgeJob]: createPurge({ log, purger: createPurger(config.purge) }),
    [sweepJob]: createSweep(deps),
    [projectEndJob]: createProjectEnd(deps),
    [crawlJob]: createCrawl(deps),
  };
  const worker = Bun.randomUUIDv7();
  const runner = await openRunner({ store, handlers, concurrency, worker, clock, log });
  closers.add(() => runner.drain(drainMs));
  await startSweeping(store);
  return { close: closers.closeAll };
}

/** What leads back here: the address that is listened on, which may be all, and the public URL. */
function ownOrigins({ listen }: Config, { port, baseUrl }: Http): readonly string[] {
  if (listen.kind === "unix") return [baseUrl];
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return [`http://${host}:${port}`, baseUrl];
}

async function openFront(
  ground: Ground & { readonly passwords: Passwords },
  desk: Desk,
  demo: Demo | undefined,
  closers: Closers,
): Promise<Http> {
  const { config, store, storage, secret } = ground;
  const sealer = createSealer(secret.secret);
  const http = await openHttp({
    ...ground,
    ...desk,
    config: { ...config.http, ...config },
    secret: secret.secret,
    version,
    askProvider: createAskJson({ now: ground.clock.now }),
    random: Math.random,
    createSuffix: () => randomBytes(6).toString("hex"),
    findProject: (proxyKey) => findProxyProject({ store, sealer }, proxyKey),
    findAssetView: (assetId) => findAssetView(store.read, assetId),
    findUpload: (key) => findUpload(store.read, key),
    checks: [
      { name: "database", check: store.check },
      { name: "storage", check: storage.check },
      { name: "jobs", check: desk.check },
    ],
    page: { loadFiles: loadPageFiles, setupPage: setupPage() },
    demo,
  });
  closers.add(http.close);
  return http;
}

/** The demo is for who sits at this machine: never on an address that others can reach. */
function isDemoWanted({ demo, listen }: Config): boolean {
  return demo === "auto" && listen.kind === "tcp" && isLoopbackHost(listen.host);
}
