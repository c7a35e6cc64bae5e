import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Failpoint } from "../../src/failpoint.ts";
import { readEvents, type SeenEvent } from "../support/event-reader.ts";
import { seedDataDir } from "../support/seed-project.ts";
import { startServerProcess } from "../support/server-process.ts";
import { smallPicture } from "../support/small-picture.ts";

interface Case {
  /** `name:n` for its n-th passing. */
  readonly at: Failpoint | `${Failpoint}:${number}`;
  readonly mode: "loop" | "animate-in";
}

const cases: readonly Case[] = [
  { at: "before_ensure_commit", mode: "loop" },
  { at: "after_ensure_commit", mode: "loop" },
  { at: "after_source_fetched", mode: "loop" },
  { at: "after_source_stored", mode: "loop" },
  { at: "after_vision", mode: "loop" },
  { at: "during_render", mode: "loop" },
  { at: "after_stage_rendered", mode: "animate-in" },
  { at: "after_stage_stored", mode: "loop" },
  { at: "after_seam_measured", mode: "loop" },
  { at: "after_merge_stored", mode: "loop" },
  { at: "before_ready_commit", mode: "loop" },
  ...[1, 2, 3, 4, 5, 6].map((nth): Case => ({ at: `after_step_committed:${nth}`, mode: "loop" })),
  // The third object, after the source and the rendered clip, is the clip as it is served.
  { at: "during_storage_write:3", mode: "animate-in" },
  { at: "before_rename:3", mode: "animate-in" },
  { at: "after_rename:3", mode: "animate-in" },
];

const still = await smallPicture();
const origin = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(still) });
afterAll(() => origin.stop(true));

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe("killed at any step, an asset ends ready once and its log is whole", () => {
  for (const { at, mode } of cases) {
    test(`${at} (${mode})`, () => killAndRecover(at, mode), 60_000);
  }
});

async function killAndRecover(at: string, mode: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "motioness-kill-"));
  folders.push(dataDir);
  const projectKey = await seedDataDir(dataDir, { allowedOrigins: [origin.url.origin] });
  const path = `/v1/${projectKey}/${origin.url.host}/still.png.mp4?dur=2&mode=${mode}`;
  const environment = { MOTIONESS_DEMO: "off", MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8" };
  const doomed = await startServerProcess({
    dataDir,
    environment: { ...environment, FAILPOINT: at },
  });
  const assetId = await requestClip(doomed.url + path);
  const before = assetId ? await follow(doomed.url, projectKey, assetId) : [];
  expect(await doomed.ended).toBe("SIGKILL");

  const server = await startServerProcess({ dataDir, environment });
  try {
    const id = (await requestClip(server.url + path)) ?? "";
    if (assetId) expect(id).toBe(assetId);
    const resumed = await follow(server.url, projectKey, id, before.at(-1)?.id);
    const stored = await follow(server.url, projectKey, id);
    expect([...before, ...resumed]).toEqual(stored);
    expect(stored.filter(({ type }) => type === "ready")).toHaveLength(1);
    expect(stored.at(-1)?.type).toBe("ready");
    const steps = stored.map(({ type, data }) => `${type} ${String(data["stage"])}`);
    expect(new Set(steps).size).toBe(stored.length);
    await expectPlayable(server.url + path);
    await untilTidy(dataDir);
  } finally {
    await server.stop();
  }
  expect(await leftovers(dataDir)).toEqual([]);
}

/** @returns the asset's id, or undefined when the server died before it could say. */
async function requestClip(url: string): Promise<string | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.headers.get("x-motioness-asset-id") ?? undefined;
}

async function follow(
  serverUrl: string,
  projectKey: string,
  assetId: string,
  after?: number,
): Promise<SeenEvent[]> {
  const url = `${serverUrl}/v1/${projectKey}/events/${assetId}`;
  return readEvents(url, after === undefined ? {} : { after }).catch(() => []);
}

async function expectPlayable(url: string): Promise<void> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe("ftyp");
}

/** The stream ends with the clip; what its stages left is removed by the job after it. */
async function untilTidy(dataDir: string): Promise<void> {
  const changes = watch(dataDir, { recursive: true, signal: AbortSignal.timeout(10_000) });
  if ((await leftovers(dataDir)).length === 0) return;
  for await (const _ of changes) if ((await leftovers(dataDir)).length === 0) return;
}

/** Files that only live while a step runs. */
async function leftovers(dataDir: string): Promise<string[]> {
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(dataDir.length + 1))
    .filter((path) => /(^|\/)(\.?tmp|work|scratch)\//.test(path) || /\.(part|tmp)$/.test(path));
}
