import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { ClipInfo, Media, TranscodeSpec } from "../../src/media/media.ts";
import { animationBytesMax, makeRendition } from "../../src/media/rendition.ts";
import type { RenditionFormat } from "../../src/media/rendition-format.ts";
import { errorOf } from "../support/app-error.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

const clip: ClipInfo = {
  codec: "h264",
  profile: "High",
  pixelFormat: "yuv420p",
  width: 1280,
  height: 720,
  fps: 30,
  frames: 120,
  durationSeconds: 4,
  hasAudio: false,
  isFastStart: true,
};

/** Media whose results have so many bytes a frame and pixel, whatever the quality. */
function mediaOf(changes: Partial<ClipInfo>, bytesPerPixel: number) {
  const specs: TranscodeSpec[] = [];
  const info = { ...clip, ...changes };
  const media: Pick<Media, "probe" | "transcode"> = {
    probe: async () => info,
    async transcode(spec) {
      specs.push(spec);
      const pixels = (spec.width * spec.height * info.frames) / spec.frameStep;
      await Bun.write(spec.to, new Uint8Array(Math.round(pixels * bytesPerPixel)));
    },
  };
  return { media, specs };
}

function make(
  format: RenditionFormat,
  { changes = {}, bytesPerPixel = 0.001, bytesMax = animationBytesMax } = {},
) {
  const { media, specs } = mediaOf(changes, bytesPerPixel);
  const to = join(directory.path, format);
  const signal = new AbortController().signal;
  const request = { from: "clip.mp4", to, format, loops: true, signal, bytesMax };
  return { specs, result: makeRendition(media, request) };
}

describe("another form of a clip", () => {
  test.each([
    ["av1", 1280, 720, 1],
    ["webp", 640, 360, 2],
    ["avif", 640, 360, 2],
    ["gif", 480, 270, 2],
  ] as const)(
    "as %s has the size and the rate of its kind",
    async (format, width, height, step) => {
      const { specs, result } = make(format);
      expect(await result).toMatchObject({ width, height });
      expect(specs).toHaveLength(1);
      expect(specs[0]).toMatchObject({ format, width, height, frameStep: step, loops: true });
    },
  );

  test.each([
    ["a portrait", { width: 720, height: 1280 }, [360, 640]],
    ["one that is small already", { width: 320, height: 180 }, [320, 180]],
    ["a long panorama", { width: 1280, height: 80 }, [1024, 64]],
    ["one that is thin itself", { width: 1280, height: 40 }, [1280, 40]],
  ])("%s keeps its ratio, and is never made larger", async (_, changes, [width, height]) => {
    expect(await make("webp", { changes }).result).toMatchObject({ width, height });
  });

  test.each([
    [16, 1],
    [24, 2],
    [25, 2],
    [30, 2],
    [60, 4],
  ])("of a clip of %d frames a second keeps every %d.", async (fps, frameStep) => {
    const { specs, result } = make("gif", { changes: { fps } });
    await result;
    expect(specs[0]?.frameStep).toBe(frameStep);
  });

  test("is made smaller and plainer until it fits", async () => {
    const { specs, result } = make("gif", { bytesPerPixel: 1 });
    const { bytes, width } = await result;
    expect(bytes).toBeLessThanOrEqual(animationBytesMax);
    expect(width).toBe(specs.at(-1)?.width ?? 0);
    expect(specs.length).toBeGreaterThan(1);
    const costs = specs.map((spec) => (spec.width * spec.height * spec.quality) / spec.frameStep);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
  });

  test("that cannot be made small enough is refused, after a few tries", async () => {
    const { specs, result } = make("webp", { bytesMax: 10 });
    const error = await errorOf(result);
    expect([error.code, error.status]).toEqual(["rendition_failed", 502]);
    expect(error.message).toMatch(/^the webp has \d+ bytes at its smallest, and at most 10 are/);
    expect(specs).toHaveLength(5);
  });

  test("as a clip has no limit of bytes", async () => {
    const { specs, result } = make("av1", { bytesPerPixel: 0.1, bytesMax: 10 });
    expect((await result).bytes).toBeGreaterThan(10_000_000);
    expect(specs).toHaveLength(1);
  });
});
