import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { measureClip } from "../../src/loop/measure-clip.ts";
import { isSeamlessFile } from "../../src/loop/seam.ts";
import type { DecodeSpec } from "../../src/media/media.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { codeOf } from "../support/app-error.ts";
import { encodeFrames, rampFrame } from "../support/frames.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());
const media = await openMedia({ ffmpegPath: undefined });
const { signal } = new AbortController();

async function encode(name: string, width: number, shifts: readonly number[]): Promise<string> {
  const path = join(directory.path, name);
  const height = (width * 9) / 16;
  const frames = shifts.map((shift) => rampFrame(width, height, shift * width));
  await encodeFrames(media, { path, width, height, fps: 30, threads: 2 }, frames);
  return path;
}

const around = Array.from({ length: 24 }, (_, frame) => frame / 24);

describe("measuring a clip", () => {
  test("a loop that was encoded passes, the half of one does not", async () => {
    const [loop, half] = await Promise.all([
      encode("loop.mp4", 128, around),
      encode("half.mp4", 128, around.slice(0, 14)),
    ]);
    expect(isSeamlessFile(await measureClip(media, loop, signal))).toBe(true);
    const seam = await measureClip(media, half, signal);
    expect(seam.sr).toBeGreaterThan(5);
    expect(isSeamlessFile(seam)).toBe(false);
  });

  test("a large clip is measured at 640 pixels, a small one as it is", async () => {
    const asked: DecodeSpec[] = [];
    const recording = {
      ...media,
      decodeRaw: (spec: DecodeSpec) => {
        asked.push(spec);
        return media.decodeRaw(spec);
      },
    };
    for (const width of [1280, 128]) {
      const path = await encode(`${width}.mp4`, width, around.slice(0, 4));
      await measureClip(recording, path, signal);
    }
    expect(asked.map(({ width, height }) => [width, height])).toEqual([
      [640, 360],
      [128, 72],
    ]);
  });

  test("a clip that is none is refused", async () => {
    expect(await codeOf(measureClip(media, import.meta.path, signal))).toBe("i2v_failed");
  });
});
