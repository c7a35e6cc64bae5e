import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import { type App, openApp } from "../src/app.ts";
import { parseConfig } from "../src/config.ts";
import { openMediaWith, resolveTool } from "../src/media/open-media.ts";
import { animationBytesMax } from "../src/media/rendition.ts";
import { type RenditionFormat, renditionFacts } from "../src/media/rendition-format.ts";
import { readAnimatedAvif } from "./support/animated-avif.ts";
import { findBrowser, openBrowser } from "./support/browser.ts";
import { seedDataDir } from "./support/seed-project.ts";
import { silentLog } from "./support/silent-log.ts";
import { smallPicture } from "./support/small-picture.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "./support/temporary-directory.ts";

const still = await smallPicture();
const tool = await resolveTool({ ffmpegPath: undefined });
const origin = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(still) });
/** Two clips and their forms, on a machine that is busy with other tests. */
const timeoutMs = 60_000;

let folder: TemporaryDirectory;
let app: App;
let projectKey: string;

beforeAll(async () => {
  folder = await openTemporaryDirectory();
  const dataDir = join(folder.path, "data");
  projectKey = await seedDataDir(dataDir, { allowedOrigins: [origin.url.origin] });
  const env = {
    MOTIONESS_LISTEN: "127.0.0.1:0",
    MOTIONESS_DATA_DIR: dataDir,
    MOTIONESS_DEMO: "off",
    MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8",
  };
  const { config } = parseConfig({ env, readFile: () => "" });
  app = await openApp(config, { log: silentLog });
});
afterAll(async () => {
  await app.close();
  await origin.stop(true);
  await folder.close();
});

const url = (suffix: string, mode: string, query = "") =>
  `${app.url}/v1/${projectKey}/${origin.url.host}/a.png.${suffix}?dur=2&mode=${mode}${query}`;

/** Asks, as a client does that waits as long as it may, until there is an answer but 202. */
async function get(address: string): Promise<Response> {
  for (let turn = 0; turn < 20; turn++) {
    const response = await fetch(`${address}&wait_ms=10000`);
    if (response.status !== 202) return response;
    await response.body?.cancel();
  }
  throw new Error("it was never ready");
}

/** A test of a format, skipped by name where this ffmpeg cannot make it. */
function testOf(format: RenditionFormat, name: string, run: () => Promise<void>): void {
  const has = renditionFacts[format].encoders.some((encoder) => tool.encoders.has(encoder));
  (has ? test : test.skip)(`${name}${has ? "" : `: no encoder for ${format}`}`, run, timeoutMs);
}

describe("a picture on another server", () => {
  testOf("webp", "is an animated webp, and of one asset with the clip", async () => {
    const webp = await get(url("webp", "loop"));
    expect(webp.status).toBe(200);
    expect(webp.headers.get("content-type")).toBe("image/webp");
    const bytes = await webp.bytes();
    expect(bytes.length).toBeLessThanOrEqual(animationBytesMax);
    const { format, pages, loop, delay } = await sharp(bytes, { pages: -1 }).metadata();
    expect([format, pages, loop]).toEqual(["webp", 30, 0]);
    expect(Math.abs((delay ?? []).reduce((sum, ms) => sum + ms, 0) - 2000)).toBeLessThan(20);
    const clip = await get(url("mp4", "loop"));
    expect(clip.headers.get("x-motioness-asset-id")).toBe(webp.headers.get("x-motioness-asset-id"));
    expect(clip.headers.get("etag")).not.toBe(webp.headers.get("etag"));
  });

  testOf("gif", "is a gif that plays once where it comes in", async () => {
    const bytes = await (await get(url("gif", "animate-in"))).bytes();
    const { format, pages, loop } = await sharp(bytes, { pages: -1 }).metadata();
    expect([format, pages, loop ?? 1]).toEqual(["gif", 30, 1]);
  });

  testOf("av1", "is an AV1 clip of as many frames as the clip", async () => {
    const media = openMediaWith(tool);
    const [av1, h264] = await Promise.all(
      ["&format=av1", ""].map(async (query) => {
        const response = await get(url("mp4", "loop", query));
        expect([response.status, response.headers.get("content-type")]).toEqual([200, "video/mp4"]);
        const path = join(folder.path, `clip${query}.mp4`);
        await Bun.write(path, await response.bytes());
        return media.probe(path);
      }),
    );
    expect(av1).toEqual({ ...h264, codec: "av1", profile: "Main" } as typeof av1);
  });

  testOf("avif", "is an animated avif that a browser plays as often as it says", async () => {
    const executable = findBrowser();
    const browser = executable === undefined ? undefined : await openBrowser();
    const page = await browser?.newPage();
    // A page of this server, since only a secure origin may decode.
    await page?.goto(`${app.url}/healthz`);
    for (const [mode, plays, repetitions] of [
      ["loop", "for ever", "Infinity"],
      ["animate-in", "once", "0"],
    ] as const) {
      const bytes = await (await get(url("avif", mode))).bytes();
      expect(readAnimatedAvif(bytes)).toMatchObject({ brand: "avis", frames: 30, plays });
      const seen = await page?.evaluate(decodeAnimation, Buffer.from(bytes).toString("base64"));
      if (page) expect(seen).toEqual({ frames: 30, repetitions, width: 512 });
    }
    await browser?.close();
  });
});

/** Runs in the browser. */
async function decodeAnimation(base64: string) {
  const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const decoder = new ImageDecoder({ data, type: "image/avif", preferAnimation: true });
  await Promise.all([decoder.tracks.ready, decoder.completed]);
  const track = decoder.tracks.selectedTrack;
  const { image } = await decoder.decode({ frameIndex: (track?.frameCount ?? 1) - 1 });
  const width = image.displayWidth;
  image.close();
  return { frames: track?.frameCount, repetitions: String(track?.repetitionCount), width };
}
