import { afterAll } from "bun:test";
import { createEnsureAsset } from "../../src/assets/ensure.ts";
import type { LifecycleEvent } from "../../src/assets/lifecycle.ts";
import { createEnsureRendition } from "../../src/assets/renditions.ts";
import { findAssetView } from "../../src/assets/store.ts";
import { transition } from "../../src/assets/transition.ts";
import { findUpload, insertUpload, type NewUpload } from "../../src/assets/uploads.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { GenerationChanges } from "../../src/db/schema.ts";
import { openSqliteStore } from "../../src/db/sqlite/sqlite-store.ts";
import { AppError } from "../../src/errors.ts";
import type { HttpDeps } from "../../src/http/deps.ts";
import { openHttp } from "../../src/http/http.ts";
import { findProxyProject } from "../../src/projects/proxy-project.ts";
import { createSealer } from "../../src/projects/seal.ts";
import { openDisk } from "../../src/storage/disk.ts";
import { createTestExchange } from "../support/brand-site.ts";
import { quickPasswords } from "../support/quick-passwords.ts";
import { createRecordingLog } from "../support/recording-log.ts";
import {
  type ProjectSeed,
  seededOwnerId,
  seededProjectId,
  seedProject,
} from "../support/seed-project.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";
import { type RawRequest, sendRaw } from "./raw-request.ts";

export interface TestServerOptions extends Partial<Omit<HttpDeps, "config">> {
  readonly config?: Partial<HttpDeps["config"]>;
  readonly seed?: ProjectSeed;
  /** The bytes of sources by their URL; another URL cannot be fetched. */
  readonly sourceBytes?: Readonly<Record<string, Uint8Array>>;
}

const clipHash = "0123456789abcdef".repeat(4);
export const clipEtag = `"${clipHash.slice(0, 32)}"`;
export const serverSecret = "a secret of the server, for tests only";

/** The front door on a free port, over a real store and a real disk, with one project. */
export async function openTestServer(options: TestServerOptions = {}) {
  const { config, seed, sourceBytes = {}, ...changes } = options;
  const folder = await openTemporaryDirectory();
  const directory = folder.path;
  const clock: Clock = changes.clock ?? systemClock;
  const log = createRecordingLog();
  const store = await openSqliteStore({ path: `${directory}/test.db` }, { clock, log });
  const storage = openDisk({ kind: "disk", root: `${directory}/media` });
  const proxyKey = await seedProject(store, seed ?? { allowedOrigins: ["https://acme.com"] });
  const sealer = createSealer(serverSecret);
  const fetched: string[] = [];
  let ids = 0;
  const deps: HttpDeps = {
    clock,
    log,
    store,
    storage,
    secret: serverSecret,
    version: "0.0.0",
    passwords: quickPasswords,
    askProvider: () => Promise.reject(new AppError("unavailable", "no provider")),
    random: Math.random,
    createSuffix: () => `suffix${String(ids++).padStart(6, "0")}`,
    findProject: (key) => findProxyProject({ store, sealer }, key),
    ensureAsset: createEnsureAsset({ store, clock, createId: () => Bun.randomUUIDv7() }),
    findAssetView: (assetId) => findAssetView(store.read, assetId),
    etaMs: () => 28_000,
    estimate: () => ({ etaMs: 28_000, costUsdMicros: 0 }),
    findUpload: (key) => findUpload(store.read, key),
    renditions: {
      async check() {},
      ensure: createEnsureRendition({ store, clock }),
    },
    sources: {
      async read(src, path) {
        fetched.push(src);
        const bytes = sourceBytes[src];
        if (!bytes) throw new AppError("source_unfetchable", "the source cannot be fetched");
        await Bun.write(path, bytes);
      },
    },
    // A name leads nowhere; receivers on this machine are at 127.0.0.2.
    webhookExchange: createTestExchange(async () => []),
    scratchRoot: `${directory}/scratch`,
    checks: [{ name: "database", check: store.check }],
    page: { loadFiles: async () => new Map(), setupPage: { body: new Blob(), headers: {} } },
    demo: undefined,
    ...changes,
    config: {
      listen: { kind: "tcp", host: "127.0.0.1", port: 0 },
      baseUrl: undefined,
      trustedProxies: [],
      upgradeUrl: undefined,
      bodyCacheBytesMax: 1024 * 1024,
      rateLimits: {},
      uploads: { filesMax: 1000, bytesMax: 1024 ** 3 },
      accounts: { signups: "open", providers: {} },
      ...config,
    },
  };
  const http = await openHttp(deps);
  afterAll(async () => {
    await http.close();
    await store.close();
    await folder.close();
  });
  const port = http.port ?? 0;
  return {
    ...deps,
    http,
    port,
    log,
    proxyKey,
    sealer,
    fetched,
    insertUpload: (upload: NewUpload) => insertUpload(store, upload),
    projectId: seededProjectId,
    ownerId: seededOwnerId,
    /** A request as it is written here, with the answer as it came. */
    send: (request: RawRequest) => sendRaw(port, request),
    get: (path: string, headers: Record<string, string> = {}) => sendRaw(port, { path, headers }),
    url: (source: string, query = "") => `/v1/${proxyKey}/${source}${query}`,
  };
}

export type TestServer = Awaited<ReturnType<typeof openTestServer>>;

/** What moves a generation on from each state, up to the clip. */
const steps: Readonly<Record<string, LifecycleEvent>> = {
  source: "fetched",
  vision: "described_loop",
  stage1: "rendered",
  stage2: "rendered",
  merge: "merged",
  write: "written",
};

export interface FinishOptions {
  readonly bytes?: Uint8Array;
  readonly hash?: string;
  readonly poster?: Uint8Array;
  /** Stops in this state. */
  readonly until?: string;
  /** Fails in this state. */
  readonly failIn?: string;
}

/** Takes an asset's newest generation through its states, by the one writer of the lifecycle. */
export async function finishClip(
  server: Pick<TestServer, "store" | "storage" | "clock">,
  assetId: string,
  options: FinishOptions = {},
): Promise<void> {
  for (;;) {
    const view = await findAssetView(server.store.read, assetId);
    const generation = view?.newest;
    const event = generation && steps[generation.state];
    if (!generation || !event || generation.state === options.until) return;
    const failure = { code: "i2v_failed", message: "it failed" };
    const move =
      generation.state === options.failIn
        ? { generation, event: "failed" as const, failure }
        : { generation, event, changes: await changesOf(server, generation.id, event, options) };
    await transition(server, move);
  }
}

async function changesOf(
  { storage }: Pick<TestServer, "storage">,
  id: string,
  event: LifecycleEvent,
  { bytes = new Uint8Array(5000).fill(7), hash = clipHash, poster }: FinishOptions,
): Promise<GenerationChanges> {
  if (event !== "written") return {};
  const key = `media/${id}.mp4`;
  const stored = await storage.put(key, bytes, { contentType: "video/mp4" });
  const posterKey = `media/${id}.jpg`;
  if (poster) await storage.put(posterKey, poster, { contentType: "image/jpeg" });
  return {
    media_key: key,
    media_sha256: hash,
    bytes: stored.sizeBytes,
    loop_mode: "native",
    poster_key: poster ? posterKey : null,
    poster_sha256: poster ? hash : null,
  };
}
