import { createHmac } from "node:crypto";
import { createEnsureAsset } from "../src/assets/ensure.ts";
import { generationJob } from "../src/assets/generations.ts";
import type { LifecycleEvent } from "../src/assets/lifecycle.ts";
import { plainRequest } from "../src/assets/request.ts";
import { findGeneration } from "../src/assets/store.ts";
import { transition } from "../src/assets/transition.ts";
import { systemClock } from "../src/clock.ts";
import { type Config, parseConfig } from "../src/config.ts";
import { openStore } from "../src/db/open-store.ts";
import type { Generation, GenerationChanges } from "../src/db/schema.ts";
import type { Store } from "../src/db/store.ts";
import { createLog, type Log } from "../src/log.ts";
import { mediaKey, posterKey } from "../src/pipeline/keys.ts";
import { createProjectId, createProxyKey, insertProject } from "../src/projects/project.ts";
import { createSealer } from "../src/projects/seal.ts";
import { openStorage } from "../src/storage/open-storage.ts";
import type { Storage } from "../src/storage/storage.ts";
import type { Paths } from "./hot-cases.ts";
import { serverSecret } from "./servers/ours.ts";

/**
 * What a benchmark needs to find in the data folder before the server starts, written by the
 * server's own modules: projects, clips that are ready, clips that stay pending.
 */

export interface SeededProject {
  readonly id: string;
  readonly proxyKey: string;
}

/** Makes a project whose sources may come from `origins`. */
export function seedProject(dataDir: string, origins: readonly string[]): Promise<SeededProject> {
  return withSeed(dataDir, ({ store }) => addProject(store, origins));
}

const sourceHost = "cdn.example.com";
const signingSecret = "a-signing-secret-for-benchmarks";
const signedForSeconds = 86_400;

export interface SeededPaths extends Paths {
  /** The event stream of the clip that is pending. */
  readonly events: string;
}

/** Makes an open and a signed project, two ready clips of the given bytes and a pending one. */
export function seedHotPath(
  dataDir: string,
  clips: { readonly clip: Uint8Array; readonly large: Uint8Array },
): Promise<SeededPaths> {
  return withSeed(dataDir, async (seed) => {
    const open = await addProject(seed.store, [`https://${sourceHost}`]);
    const signed = await addProject(seed.store, []);
    await requireSignature(seed.store, signed);
    await addReadyClip(seed, open, sourceOf("clip"), clips.clip);
    await addReadyClip(seed, open, sourceOf("large"), clips.large);
    await addReadyClip(seed, signed, sourceOf("clip"), clips.clip);
    const pending = await addPendingClip(seed, open, sourceOf("pending"));
    const pathOf = (name: string) => `/v1/${open.proxyKey}/${sourceHost}/${name}.png.mp4`;
    return {
      clip: pathOf("clip"),
      large: pathOf("large"),
      pending: pathOf("pending"),
      signed: signedPath(signed, sourceOf("clip")),
      events: `/v1/${open.proxyKey}/events/${pending.asset_id}`,
    };
  });
}

/** Makes a project with one clip that stays pending, for readers of its event stream. */
export function seedPending(
  dataDir: string,
): Promise<{ readonly project: SeededProject; readonly generation: Generation }> {
  return withSeed(dataDir, async (seed) => {
    const project = await addProject(seed.store, [`https://${sourceHost}`]);
    return { project, generation: await addPendingClip(seed, project, sourceOf("pending")) };
  });
}

function sourceOf(name: string): string {
  return `https://${sourceHost}/${name}.png`;
}

interface Seed {
  readonly store: Store;
  readonly storage: Storage;
}

async function withSeed<T>(dataDir: string, work: (seed: Seed) => Promise<T>): Promise<T> {
  const config = benchConfig(dataDir);
  const store = await openStore(config.database, { clock: systemClock, log: benchLog(config) });
  const storage = openStorage(config.storage);
  try {
    return await work({ store, storage });
  } finally {
    await storage.close();
    await store.close();
  }
}

/** The configuration of a server on this folder, as it would read it itself. */
export function benchConfig(dataDir: string): Config {
  const env = { MOTIONESS_DATA_DIR: dataDir, MOTIONESS_LOG_LEVEL: "error" };
  return parseConfig({ env, readFile: () => "" }).config;
}

/** Complaints of the server's modules, on standard error. */
export function benchLog(config: Config): Log {
  const write = (line: string) => process.stderr.write(line);
  return createLog(config.log, { write, isTerminal: true, now: systemClock.now });
}

async function addProject(store: Store, origins: readonly string[]): Promise<SeededProject> {
  const project = { id: createProjectId(), proxyKey: createProxyKey() };
  const now = new Date(systemClock.now()).toISOString();
  await store.write(async (tx) => {
    await tx.query
      .insertInto("users")
      .values({
        id: `usr_${project.id}`,
        email: `${project.id}@localhost`,
        name: "Benchmark",
        email_verified: 0,
        image: null,
        plan: "unlimited",
        role: "user",
        created_at: now,
        updated_at: now,
      })
      .execute();
    await insertProject(tx, {
      ...project,
      ownerId: `usr_${project.id}`,
      name: "Benchmark",
      allowedOrigins: origins,
    });
  });
  return project;
}

async function requireSignature(store: Store, project: SeededProject): Promise<void> {
  const sealed = createSealer(serverSecret).seal(signingSecret);
  await store.write((tx) =>
    tx.query
      .updateTable("projects")
      .set({ enable_signing: 1, signing_secret: sealed })
      .where("id", "=", project.id)
      .execute(),
  );
}

/** The public recipe: HMAC-SHA256 over key, source and expiry, the source in unpadded base64url. */
function signedPath(project: SeededProject, source: string): string {
  const exp = Math.floor(systemClock.now() / 1000) + signedForSeconds;
  const message = `${project.proxyKey}:${source}:${exp}`;
  const sig = createHmac("sha256", signingSecret).update(message).digest("hex");
  const path = Buffer.from(source).toString("base64url");
  return `/v1/${project.proxyKey}/${path}.mp4?sig=${sig}&exp=${exp}`;
}

async function addGeneration(
  { store }: Seed,
  project: SeededProject,
  src: string,
): Promise<Generation> {
  const ensure = createEnsureAsset({
    store,
    clock: systemClock,
    createId: () => Bun.randomUUIDv7(),
  });
  const request = plainRequest(project.id, src);
  return (await ensure(request, { requestId: "req_bench" })).newest;
}

/** A clip whose job waits for a day, so that it is pending for as long as anybody measures. */
async function addPendingClip(
  seed: Seed,
  project: SeededProject,
  src: string,
): Promise<Generation> {
  const generation = await addGeneration(seed, project, src);
  const due = systemClock.now() + 86_400_000;
  await seed.store.write((tx) =>
    tx.query
      .updateTable("jobs")
      .set({ due_at: due })
      .where("kind", "=", generationJob)
      .where("subject", "=", generation.id)
      .execute(),
  );
  return generation;
}

/** The moves of a loop that goes well. */
const moves: readonly LifecycleEvent[] = [
  "fetched",
  "described_loop",
  "rendered",
  "rendered",
  "merged",
  "written",
];

async function addReadyClip(
  seed: Seed,
  project: SeededProject,
  src: string,
  bytes: Uint8Array,
): Promise<void> {
  const { id } = await addGeneration(seed, project, src);
  const changes = await putClip(seed, id, bytes);
  for (const event of moves) {
    const generation = await findGeneration(seed.store.read, id);
    if (!generation) throw new Error(`generation ${id} was written and is not there`);
    await transition({ store: seed.store, clock: systemClock }, { generation, event, changes });
  }
  await seed.store.write((tx) => tx.query.deleteFrom("jobs").where("subject", "=", id).execute());
}

async function putClip(seed: Seed, id: string, bytes: Uint8Array): Promise<GenerationChanges> {
  const generation = await findGeneration(seed.store.read, id);
  if (!generation) throw new Error(`generation ${id} was written and is not there`);
  const media = await seed.storage.put(mediaKey(generation), bytes, { contentType: "video/mp4" });
  return {
    media_key: mediaKey(generation),
    media_sha256: media.sha256,
    bytes: media.sizeBytes,
    poster_key: posterKey(generation),
    poster_sha256: media.sha256,
    loop_mode: "native",
    width: 1280,
    height: 720,
    fps: 30,
    frames: 120,
  };
}
