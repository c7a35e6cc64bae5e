import { join } from "node:path";
import { createPasswords } from "../src/accounts/passwords.ts";
import { createEnsureAsset } from "../src/assets/ensure.ts";
import { findAssetView } from "../src/assets/store.ts";
import { systemClock } from "../src/clock.ts";
import { openStore } from "../src/db/open-store.ts";
import { openHttp } from "../src/http/http.ts";
import { findProxyProject } from "../src/projects/proxy-project.ts";
import { createSealer } from "../src/projects/seal.ts";
import { openStorage } from "../src/storage/open-storage.ts";
import { wholeNumber } from "./measure/options.ts";
import { benchConfig, benchLog } from "./seed.ts";
import { serverSecret } from "./servers/ours.ts";
import { appendStageEvent } from "./stage-event.ts";

const nobodyOutside = {
  askProvider: () => Promise.reject(new Error("nobody signs in here")),
  webhookExchange: () => Promise.reject(new Error("this server sends no messages")),
};

/**
 * The server's own front door and event log, with a publisher beside it that takes the place of
 * the pipeline: what is posted is committed as an event of one asset before anybody is told.
 * `bun bench/event-server.ts DATA_DIR PORT PUBLISH_PORT GENERATION`.
 */
async function main(args: readonly string[]): Promise<void> {
  const [dataDir = "", port = "", publishPort = "", generationId = ""] = args;
  const config = benchConfig(dataDir);
  const log = benchLog(config);
  const clock = systemClock;
  const store = await openStore(config.database, { clock, log });
  const sealer = createSealer(serverSecret);
  await openHttp({
    config: {
      listen: { kind: "tcp", host: "127.0.0.1", port: portNumber(port) },
      baseUrl: undefined,
      // The readers come in their hundreds and say who they are, as through a proxy.
      trustedProxies: ["127.0.0.1/32"],
      upgradeUrl: undefined,
      bodyCacheBytesMax: 0,
      rateLimits: {},
      uploads: { filesMax: 1000, bytesMax: 1024 ** 3 },
      accounts: { signups: "closed", providers: {} },
    },
    clock,
    log,
    store,
    storage: openStorage(config.storage),
    secret: serverSecret,
    passwords: createPasswords(),
    version: "0.0.0",
    random: Math.random,
    createSuffix: () => "benchmarking",
    findProject: (proxyKey) => findProxyProject({ store, sealer }, proxyKey),
    ensureAsset: createEnsureAsset({ store, clock, createId: () => Bun.randomUUIDv7() }),
    findAssetView: (assetId) => findAssetView(store.read, assetId),
    etaMs: () => 30_000,
    findUpload: async () => undefined,
    estimate: () => ({ etaMs: 30_000, costUsdMicros: 0 }),
    renditions: {
      async check() {},
      ensure: () => Promise.reject(new Error("this server makes no clips")),
    },
    sources: { read: () => Promise.reject(new Error("this server has no sources")) },
    ...nobodyOutside,
    scratchRoot: join(dataDir, "scratch"),
    checks: [],
    page: { loadFiles: async () => new Map(), setupPage: { body: new Blob(), headers: {} } },
    demo: undefined,
  });
  const generation = await store.read
    .selectFrom("generations")
    .selectAll()
    .where("id", "=", generationId)
    .executeTakeFirstOrThrow();
  Bun.serve({
    hostname: "127.0.0.1",
    port: portNumber(publishPort),
    async fetch(request) {
      const mark = await request.text();
      await store.write((tx) => appendStageEvent(tx, generation, mark));
      return new Response(null, { status: 201 });
    },
  });
}

function portNumber(text: string): number {
  return wholeNumber("port", text, { min: 1, max: 65_535 });
}

await main(process.argv.slice(2));
