import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeSpec, Media, MediaTool } from "../../src/media/media.ts";
import { openMediaWith } from "../../src/media/open-media.ts";
import { codeOf } from "../support/app-error.ts";
import { encodeFrames, greyFrame, rampFrame } from "../support/frames.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

/** Fifteen frames and a sound track, with the index at the end. */
const soundClip = join(import.meta.dir, "../fixtures/sound-index-last.mp4");

const width = 128;
const height = 72;
/** Grey levels far enough apart to be told from each other after encoding. */
const levels = Array.from({ length: 12 }, (_, index) => 40 + 15 * index);
/** What luma in the limited range is on a scale of 0 to 255. */
const brightness = (luma: number) => ((luma - 16) * 255) / 219;

/** What both kinds of ffmpeg promise as long as nothing comes in between. */
export function mediaContract(tool: MediaTool): void {
  const media: Media = openMediaWith(tool);
  let directory: TemporaryDirectory;
  beforeAll(async () => {
    directory = await openTemporaryDirectory();
  });
  afterAll(() => directory.close());
  const spec = (name: string, changes: Partial<EncodeSpec> = {}): EncodeSpec => ({
    path: join(directory.path, name),
    width,
    height,
    fps: 30,
    threads: 2,
    ...changes,
  });
  const greys = levels.map((level) => greyFrame(width, height, level));
  const pan = Array.from({ length: 24 }, (_, index) => rampFrame(width, height, 3 * index));

  test("says which ffmpeg it is and that it has an H.264 encoder", () => {
    expect(media.tool.version).toMatch(/\d/);
    expect(media.tool.encoders).toContain("libx264");
  });

  test("encodes the frames it is given, in the format that every browser plays", async () => {
    await encodeFrames(media, spec("format.mp4"), pan);
    expect(await media.probe(spec("format.mp4").path)).toEqual({
      codec: "h264",
      profile: "High",
      pixelFormat: "yuv420p",
      width,
      height,
      fps: 30,
      frames: 24,
      durationSeconds: 0.8,
      hasAudio: false,
      isFastStart: true,
    });
  });

  test("makes the same bytes of the same frames", async () => {
    const files = await Promise.all(
      ["same-1.mp4", "same-2.mp4"].map(async (name) => {
        await encodeFrames(media, spec(name), pan);
        return Bun.file(spec(name).path).bytes();
      }),
    );
    expect(files[0]).toEqual(files[1]);
  });

  test("decodes in order what was encoded, also from one buffer used for all", async () => {
    const encoder = media.encodeRaw(spec("order.mp4"));
    const frame = new Uint8Array((width * height * 3) / 2);
    for (const grey of greys) {
      frame.set(grey);
      await encoder.write(frame);
    }
    await encoder.finish();
    const decoded = media.decodeRaw({ path: spec("order.mp4").path, pixelFormat: "gray" });
    const middles: number[] = [];
    for await (const plane of decoded) {
      expect(plane).toHaveLength(width * height);
      middles.push(plane[(height / 2) * width + width / 2] ?? 0);
    }
    expect(middles).toHaveLength(levels.length);
    for (const [index, level] of levels.entries()) {
      expect(Math.abs((middles[index] ?? 0) - brightness(level))).toBeLessThanOrEqual(2);
    }
  });

  test("decodes to all planes, to another size, or one frame only", async () => {
    const { path } = spec("shapes.mp4");
    await encodeFrames(media, spec("shapes.mp4"), greys);
    const all = await Array.fromAsync(media.decodeRaw({ path, pixelFormat: "yuv420p" }));
    expect(all.map((frame) => frame.length)).toEqual(greys.map((frame) => frame.length));
    const size = { width: 64, height: 36 };
    const small = await Array.fromAsync(media.decodeRaw({ path, pixelFormat: "gray", ...size }));
    expect(small.map((frame) => frame.length)).toEqual(greys.map(() => 64 * 36));
    const last = levels.length - 1;
    const one = await Array.fromAsync(media.decodeRaw({ path, pixelFormat: "gray", frame: last }));
    expect(one).toHaveLength(1);
    expect(Math.abs((one[0]?.[0] ?? 0) - brightness(levels[last] ?? 0))).toBeLessThanOrEqual(2);
  });

  test("keeps colours: BT.709 in the limited range goes in, the same RGB comes out", async () => {
    const frame = new Uint8Array((width * height * 3) / 2);
    // R 200, G 60, B 40 in BT.709, as Y 92, Cb 105, Cr 190.
    frame.fill(92, 0, width * height);
    frame.fill(105, width * height, (width * height * 5) / 4);
    frame.fill(190, (width * height * 5) / 4);
    await encodeFrames(media, spec("colour.mp4"), [frame, frame, frame]);
    const { path } = spec("colour.mp4");
    const [rgb] = await Array.fromAsync(media.decodeRaw({ path, pixelFormat: "rgb24", frame: 0 }));
    expect(rgb).toHaveLength(width * height * 3);
    const [red = 0, green = 0, blue = 0] = rgb ?? [];
    const off = [red - 200, green - 60, blue - 40].map(Math.abs);
    expect(Math.max(...off)).toBeLessThanOrEqual(4);
  });

  test("tells how many frames are finished, up to the last", async () => {
    const told: number[] = [];
    const onProgress = (frames: number) => told.push(frames);
    await encodeFrames(media, spec("progress.mp4"), pan, { onProgress });
    expect(told.at(-1)).toBe(pan.length);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
  });

  test("refuses a frame of another size", async () => {
    const encoder = media.encodeRaw(spec("size.mp4"));
    expect(encoder.write(new Uint8Array(17))).rejects.toThrow(RangeError);
    await encoder.abort();
  });

  test("puts the index first, drops the sound and keeps every frame", async () => {
    const { path } = spec("remuxed.mp4");
    expect(await media.probe(soundClip)).toMatchObject({ hasAudio: true, isFastStart: false });
    const told: number[] = [];
    const onProgress = (frames: number) => told.push(frames);
    await media.remux({ from: soundClip, to: path }, { onProgress });
    expect(await media.probe(path)).toMatchObject({
      frames: 15,
      fps: 15,
      hasAudio: false,
      isFastStart: true,
    });
    expect(told.at(-1)).toBe(15);
    const [before, after] = await Promise.all(
      [soundClip, path].map((clip) =>
        Array.fromAsync(media.decodeRaw({ path: clip, pixelFormat: "yuv420p" })),
      ),
    );
    expect(after).toEqual(before ?? []);
  });

  test("opens no playlist that calls itself a clip, and fetches nothing [P18]", async () => {
    await using outside = openCanary();
    const { path } = spec("playlist.mp4");
    const segments = [`${outside.url}a.ts`, `file://${soundClip}`, "concat:a|b"];
    await Bun.write(path, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${segments.join("\n")}\n`);
    const remuxed = media.remux({ from: path, to: spec("from-playlist.mp4").path });
    expect(await codeOf(remuxed)).toBe("i2v_failed");
    expect(await codeOf(media.probe(path))).toBe("i2v_failed");
    expect(await codeOf(drain(media.decodeRaw({ path, pixelFormat: "gray" })))).toBe("i2v_failed");
    expect(outside.requests()).toBe(0);
    expect(existsSync(spec("from-playlist.mp4").path)).toBe(false);
  });

  test("refuses a clip that is cut at 10, 50 or 99 %, or not there [P15]", async () => {
    await encodeFrames(media, spec("whole.mp4"), pan);
    const whole = await Bun.file(spec("whole.mp4").path).bytes();
    const { path } = spec("cut.mp4");
    for (const share of [0.1, 0.5, 0.99]) {
      await Bun.write(path, whole.subarray(0, Math.floor(share * whole.length)));
      expect(await codeOf(drain(media.decodeRaw({ path, pixelFormat: "gray" })))).toBe(
        "i2v_failed",
      );
    }
    expect(await codeOf(media.remux({ from: spec("nowhere.mp4").path, to: path }))).toBe(
      "i2v_failed",
    );
  });

  test("a clip whose frames are rubbish does not pass for one that plays", async () => {
    const { path } = spec("rubbish.mp4");
    await copyFile(soundClip, path);
    const bytes = await Bun.file(path).bytes();
    // The media come first in this file, after 36 bytes of type.
    bytes.fill(0xa5, 60, 2500);
    await Bun.write(path, bytes);
    expect(await codeOf(drain(media.decodeRaw({ path, pixelFormat: "gray" })))).toBe("i2v_failed");
  });

  test("runs a graph for as many frames as are asked for", async () => {
    const size = { width: 96, height: 54 };
    const graph = `testsrc2=s=${size.width}x${size.height}:r=30`;
    const spec = { graph, pixelFormat: "gray", frames: 10, ...size } as const;
    const frames = await Array.fromAsync(media.graph(spec));
    expect(frames.map((frame) => frame.length)).toEqual(Array(10).fill(96 * 54));
    const short = media.graph({ ...spec, graph: `${graph}:d=0.1` });
    expect(await codeOf(drain(short))).toBe("i2v_failed");
    expect(await codeOf(drain(media.graph({ ...spec, graph: "no_such_filter" })))).toBe(
      "i2v_failed",
    );
  });
}

async function drain(frames: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const _ of frames) count++;
  return count;
}

/** A server that nobody must ever ask. */
function openCanary() {
  let count = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch() {
      count++;
      return new Response("", { status: 404 });
    },
  });
  return {
    url: server.url.href,
    requests: () => count,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
