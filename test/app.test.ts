import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type App, openApp } from "../src/app.ts";
import { parseConfig } from "../src/config.ts";
import { openMedia } from "../src/media/open-media.ts";
import { createSealer } from "../src/projects/seal.ts";
import { encodeSource, signSource } from "../src/projects/signing.ts";
import { readEvents } from "./support/event-reader.ts";
import { type ProjectSeed, seedDataDir } from "./support/seed-project.ts";
import { silentLog } from "./support/silent-log.ts";
import { smallPicture } from "./support/small-picture.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "./support/temporary-directory.ts";

const secret = "a server secret that is long enough";
const still = await smallPicture();
const hits = new Map<string, number>();
const origin = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    hits.set(pathname, (hits.get(pathname) ?? 0) + 1);
    return pathname.startsWith("/gone")
      ? new Response("gone", { status: 404 })
      : new Response(still);
  },
});

interface Running {
  readonly app: App;
  readonly projectKey: string;
}

interface DemoAnswer {
  readonly project_key: string;
  readonly samples: readonly { readonly title: string; readonly mp4_url: string }[];
}

let folder: TemporaryDirectory;
let app: App;
let projectKey: string;

/** Starts a server on the data folder `name`, seeded with a project when there is a seed. */
async function start(
  name: string,
  seed: ProjectSeed | undefined,
  changes: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const dataDir = join(folder.path, name);
  const key = seed ? await seedDataDir(dataDir, seed) : "";
  const env = {
    MOTIONESS_LISTEN: "127.0.0.1:0",
    MOTIONESS_DATA_DIR: dataDir,
    MOTIONESS_SECRET: secret,
    MOTIONESS_DEMO: "off",
    MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8",
    ...changes,
  };
  const { config } = parseConfig({ env, readFile: () => "" });
  return { app: await openApp(config, { log: silentLog }), projectKey: key };
}

beforeAll(async () => {
  folder = await openTemporaryDirectory();
  ({ app, projectKey } = await start("plain", { allowedOrigins: [origin.url.origin] }));
});
afterAll(async () => {
  await app.close();
  await origin.stop(true);
  await folder.close();
});

const clipUrl = (name: string, query = "dur=2") =>
  `${app.url}/v1/${projectKey}/${origin.url.host}/${name}.mp4?${query}`;
const eventsUrl = (assetId: string) => `${app.url}/v1/${projectKey}/events/${assetId}`;

async function requestClip(url: string) {
  const response = await fetch(url);
  const body = response.headers.get("content-type")?.startsWith("application/json")
    ? ((await response.json()) as Record<string, unknown>)
    : undefined;
  return { response, body, assetId: response.headers.get("x-motioness-asset-id") ?? "" };
}

describe("a photograph on another server", () => {
  test("answers 202, then tells its stages in order, then is a clip that plays", async () => {
    const url = clipUrl("photograph.png");
    const first = await requestClip(url);
    expect(first.response.status).toBe(202);
    expect(first.assetId).toMatch(/^[0-9a-f]{16}$/);
    expect(first.body).toMatchObject({ status: "pending", asset_id: first.assetId });
    expect(first.response.headers.get("x-motioness-stage")).toBe("queued");
    expect(Number(first.response.headers.get("retry-after")) % 5).toBe(0);
    expect(first.response.headers.get("cache-control")).toBe("no-store");

    const events = await readEvents(eventsUrl(first.assetId));
    expect(events.map(({ type, data }) => [type, data["stage"]])).toEqual([
      ["queued", undefined],
      ["vision_started", undefined],
      ["vision_completed", undefined],
      ["stage_started", "stage1"],
      ["stage_completed", "stage1"],
      ["stage_started", "stage2"],
      ["stage_completed", "stage2"],
      ["stage_started", "merge"],
      ["stage_completed", "merge"],
      ["r2_write_completed", undefined],
      ["ready", undefined],
    ]);
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    for (const { data } of events) {
      expect(data).toMatchObject({ asset_id: first.assetId, attempt: 1 });
      expect(data["request_id"]).toBe(first.response.headers.get("x-request-id"));
    }

    const ready = await fetch(url);
    expect(ready.status).toBe(200);
    expect(ready.headers.get("x-motioness-loop")).toBe("native");
    const path = join(folder.path, "clip.mp4");
    await Bun.write(path, ready);
    const media = await openMedia({ ffmpegPath: undefined });
    expect(await media.probe(path)).toMatchObject({
      codec: "h264",
      profile: "High",
      pixelFormat: "yuv420p",
      width: 512,
      height: 512,
      fps: 30,
      frames: 60,
      hasAudio: false,
      isFastStart: true,
    });
    expect(hits.get("/photograph.png")).toBe(1);
  }, 30_000);

  test("is fetched, generated and charged once for 200 who ask at the same moment", async () => {
    const url = clipUrl("crowd.png", "dur=2&mode=animate-in");
    const answers = await Promise.all(Array.from({ length: 200 }, () => requestClip(url)));
    expect(new Set(answers.map(({ assetId }) => assetId)).size).toBe(1);
    expect(answers.every(({ response }) => response.status === 202)).toBe(true);
    const events = await readEvents(eventsUrl(answers[0]?.assetId ?? ""));
    expect(events.filter(({ type }) => type === "queued")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "ready")).toHaveLength(1);
    expect(hits.get("/crowd.png")).toBe(1);
  }, 30_000);

  test("that is not there fails with its code, and the URL then says how to go on", async () => {
    const url = clipUrl("gone.png");
    const { assetId } = await requestClip(url);
    const events = await readEvents(eventsUrl(assetId));
    expect(events.map(({ type }) => type)).toEqual(["queued", "vision_failed", "failed"]);
    expect(events.at(-1)?.data).toMatchObject({ error_code: "source_unfetchable" });
    const failed = await requestClip(url);
    expect(failed.response.status).toBe(502);
    expect(failed.body).toEqual({
      error: "last generation failed",
      asset_id: assetId,
      hint: `POST /api/v1/regenerate/${assetId}`,
    });
  });

  test("is waited for as long as wait_ms says, and answered with the clip itself", async () => {
    const url = clipUrl("patient.png", "dur=2&mode=animate-in&wait_ms=10000");
    const { response } = await requestClip(url);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("video/mp4");
  }, 30_000);
});

describe("a project that takes signed URLs", () => {
  const signingSecret = "test-secret";
  let signed: Running;
  beforeAll(async () => {
    const sealed = createSealer(secret).seal(signingSecret);
    signed = await start("signed", {
      allowedOrigins: [origin.url.origin],
      signingSecret: sealed,
    });
  });
  afterAll(() => signed.app.close());

  const signedUrl = (changes: { readonly sig?: string; readonly expSeconds?: number } = {}) => {
    const src = `${origin.url.origin}/signed.png`;
    const expSeconds = changes.expSeconds ?? Math.floor(Date.now() / 1000) + 3600;
    const { projectKey } = signed;
    const sig = changes.sig ?? signSource(signingSecret, { projectKey, src, expSeconds });
    const path = `${encodeSource(src)}.mp4`;
    return `${signed.app.url}/v1/${projectKey}/${path}?dur=2&sig=${sig}&exp=${expSeconds}`;
  };

  test("refuses a tampered or an expired one with its own text, and fetches nothing", async () => {
    const tampered = await requestClip(signedUrl({ sig: "0".repeat(64) }));
    expect(tampered.response.status).toBe(403);
    expect(tampered.body?.["error"]).toStartWith("invalid signature: it does not match");
    const expired = await requestClip(signedUrl({ expSeconds: 1_700_000_000 }));
    expect(expired.response.status).toBe(403);
    expect(expired.body).toEqual({ error: "signature expired" });
    expect(hits.get("/signed.png")).toBeUndefined();
  });

  test("makes the clip of one by the public recipe", async () => {
    const { response, assetId } = await requestClip(signedUrl());
    expect(response.status).toBe(202);
    const url = `${signed.app.url}/v1/${signed.projectKey}/events/${assetId}`;
    expect((await readEvents(url)).at(-1)?.type).toBe("ready");
    expect((await fetch(signedUrl())).status).toBe(200);
  }, 30_000);
});

describe("a first start on this machine", () => {
  test("has a demo project whose samples become clips by themselves", async () => {
    const { app } = await start("demo", undefined, { MOTIONESS_DEMO: "auto" });
    try {
      expect(app).toMatchObject({ isNew: true, hasDemo: true, secretOrigin: "given" });
      const demo = (await (await fetch(`${app.url}/api/demo`)).json()) as DemoAnswer;
      expect(demo.samples.map(({ title }) => title)).toContain("Coffee");
      const sample = demo.samples[0]?.mp4_url ?? "";
      const { assetId } = await requestClip(sample);
      const events = await readEvents(`${app.url}/v1/${demo.project_key}/events/${assetId}`);
      expect(events[0]?.data["request_id"]).toBe("req_demo");
      expect(events.at(-1)?.type).toBe("ready");
    } finally {
      await app.close();
    }
  }, 60_000);

  test("keeps its key and its clips for the next one", async () => {
    const first = await start("twice", undefined, { MOTIONESS_DEMO: "auto" });
    const keyOf = async (app: App) =>
      ((await (await fetch(`${app.url}/api/demo`)).json()) as DemoAnswer).project_key;
    const key = await keyOf(first.app);
    await first.app.close();
    const second = await start("twice", undefined, { MOTIONESS_DEMO: "auto" });
    expect(second.app.isNew).toBe(false);
    expect(await keyOf(second.app)).toBe(key);
    await second.app.close();
  }, 60_000);
});

test("a second server on one data folder is refused, naming the first", async () => {
  const again = start("plain", undefined);
  await expect(again).rejects.toThrow(`pid ${process.pid}`);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
});
