import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { getRenditionEncoder } from "../../src/media/ffmpeg/rendition-encoder.ts";
import type { Media, MediaTool, TranscodeSpec } from "../../src/media/media.ts";
import { openMediaWith } from "../../src/media/open-media.ts";
import { type RenditionFormat, renditionFormats } from "../../src/media/rendition-format.ts";
import { readAnimatedAvif } from "../support/animated-avif.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { encodeFrames, rampFrame } from "../support/frames.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

const width = 256;
const height = 144;
const frames = 30;
/** R 200, G 60, B 40 in BT.709, as Y 92, Cb 105, Cr 190. */
const red = { yuv: [92, 105, 190], rgb: [200, 60, 40] } as const;

/** What both kinds of ffmpeg promise of a clip's other forms, for those they have encoders of. */
export function transcodeContract(tool: MediaTool): void {
  const media: Media = openMediaWith(tool);
  let directory: TemporaryDirectory;
  let from: string;
  beforeAll(async () => {
    directory = await openTemporaryDirectory();
    from = join(directory.path, "clip.mp4");
    const pan = Array.from({ length: frames }, (_, index) => rampFrame(width, height, 3 * index));
    await encodeFrames(media, { path: from, width, height, fps: 30, threads: 2 }, pan);
  });
  afterAll(() => directory.close());

  const spec = (name: string, changes: Partial<TranscodeSpec> = {}): TranscodeSpec => ({
    from,
    to: join(directory.path, name),
    format: "gif",
    width: 128,
    height: 72,
    frameStep: 2,
    quality: 64,
    loops: true,
    threads: 2,
    ...changes,
  });
  const made = async (changed: TranscodeSpec) => {
    await media.transcode(changed);
    return changed.to;
  };
  /** A test of a format, skipped by name where this ffmpeg cannot make it. */
  const testOf = (format: RenditionFormat, name: string, run: () => Promise<void>) => {
    const has = tool.encoders.has(encoderOrNone(tool, format));
    (has ? test : test.skip)(`${name}${has ? "" : `: no encoder for ${format}`}`, run);
  };

  testOf("av1", "makes an AV1 clip of every frame, with the index first", async () => {
    const changes = { format: "av1", width, height, frameStep: 1, quality: 35 } as const;
    expect(await media.probe(await made(spec("clip.av1.mp4", changes)))).toEqual({
      codec: "av1",
      profile: "Main",
      pixelFormat: "yuv420p",
      width,
      height,
      fps: 30,
      frames,
      durationSeconds: 1,
      hasAudio: false,
      isFastStart: true,
    });
  });

  for (const loops of [true, false]) {
    const often = loops ? "for ever" : "once";
    for (const format of ["webp", "gif"] as const) {
      testOf(format, `makes a ${format} of every second frame that plays ${often}`, async () => {
        const path = await made(spec(`${often}.${format}`, { format, loops }));
        const { pages, delay, loop, ...picture } = await sharp(path, { pages: -1 }).metadata();
        expect(picture).toMatchObject({ format, width: 128, pageHeight: 72 });
        expect(pages).toBe(15);
        const totalMs = (delay ?? []).reduce((sum, ms) => sum + ms, 0);
        expect(Math.abs(totalMs - 1000)).toBeLessThanOrEqual(10);
        // A file without a word about it plays once.
        expect(loop ?? 1).toBe(loops ? 0 : 1);
      });
    }

    testOf("avif", `makes an avif of every second frame that plays ${often}`, async () => {
      const path = await made(spec(`${often}.avif`, { format: "avif", quality: 35, loops }));
      expect(readAnimatedAvif(await Bun.file(path).bytes())).toEqual({
        brand: "avis",
        width: 128,
        height: 72,
        frames: 15,
        seconds: 1,
        plays: loops ? "for ever" : "once",
        startsAtItsFrames: true,
      });
    });
  }

  for (const format of renditionFormats) {
    testOf(format, `makes the same bytes of the same clip as ${format}`, async () => {
      const quality = format === "gif" ? 64 : 40;
      const files = await Promise.all(
        [1, 2].map(async (turn) =>
          Bun.file(await made(spec(`same-${turn}.${format}`, { format, quality }))).bytes(),
        ),
      );
      expect(files[0]).toEqual(files[1]);
    });
  }

  for (const format of ["webp", "gif"] as const) {
    testOf(format, `keeps the colours in a ${format}`, async () => {
      const path = join(directory.path, "red.mp4");
      const frame = new Uint8Array((width * height * 3) / 2);
      const [luma, blue, warm] = red.yuv;
      frame.fill(luma, 0, width * height);
      frame.fill(blue, width * height, (width * height * 5) / 4);
      frame.fill(warm, (width * height * 5) / 4);
      await encodeFrames(media, { path, width, height, fps: 30, threads: 1 }, [frame, frame]);
      const changes = { from: path, format, quality: 80, frameStep: 1 };
      const { channels } = await sharp(await made(spec(`red.${format}`, changes))).stats();
      for (const [index, level] of red.rgb.entries()) {
        expect(Math.abs((channels[index]?.mean ?? 0) - level)).toBeLessThanOrEqual(5);
      }
    });
  }

  test("a form without an encoder is refused by name, and nothing is started", async () => {
    const bare = openMediaWith({ ...tool, argv: ["/no/such/program"], encoders: new Set() });
    const error = await errorOf(bare.transcode(spec("never.webp", { format: "webp" })));
    expect([error.code, error.status]).toEqual(["unsupported_format", 501]);
    expect(error.message).toContain("this server makes no webp: its ffmpeg");
    expect(error.message).toContain("without the encoder libwebp_anim");
  });

  testOf("gif", "a cancel leaves no file, and a clip that is none gives none", async () => {
    const signal = AbortSignal.abort();
    const cancelled = spec("cancelled.gif");
    expect(await codeOf(media.transcode(cancelled, { signal }))).toBe("cancelled");
    const broken = join(directory.path, "broken.mp4");
    await Bun.write(broken, "#EXTM3U\n");
    const refused = spec("broken.gif", { from: broken });
    expect(await codeOf(media.transcode(refused))).toBe("i2v_failed");
    for (const { to } of [cancelled, refused]) expect(existsSync(to)).toBe(false);
  });
}

function encoderOrNone(tool: MediaTool, format: RenditionFormat): string {
  try {
    return getRenditionEncoder(tool, format);
  } catch {
    return "";
  }
}
