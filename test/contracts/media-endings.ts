import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, lstatSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeSpec, Media, MediaTool } from "../../src/media/media.ts";
import { openMediaWith } from "../../src/media/open-media.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { countTool } from "../support/counted-tool.ts";
import { encodeFrames, rampFrame } from "../support/frames.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { until } from "../support/until.ts";

const clip = join(import.meta.dir, "../fixtures/sound-index-last.mp4");
const width = 128;
const height = 72;

/** Nothing takes longer to stop than this. */
const stopMsMax = 500;

/** What both kinds of ffmpeg promise when they are cancelled, killed, late or out of space. */
export function mediaEndingsContract(tool: MediaTool): void {
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
  const pan = Array.from({ length: 24 }, (_, index) => rampFrame(width, height, 3 * index));
  const [frame] = pan as [Uint8Array];
  /** The tool in a form in which its processes can be counted and killed. */
  const watched = () => {
    const counted = countTool(tool, directory.path);
    return { ...counted, media: openMediaWith(counted.tool) };
  };

  test("a cancel ends an encoder at once and leaves no file", async () => {
    const { media, running } = watched();
    const controller = new AbortController();
    const encoder = media.encodeRaw(spec("cancel.mp4"), { signal: controller.signal });
    for (const frame of pan) await encoder.write(frame);
    const startedMs = performance.now();
    controller.abort();
    expect(await codeOf(encoder.finish())).toBe("cancelled");
    expect(await codeOf(encoder.write(frame))).toBe("cancelled");
    expect(performance.now() - startedMs).toBeLessThan(stopMsMax);
    expect(existsSync(spec("cancel.mp4").path)).toBe(false);
    expect(await running()).toEqual([]);
  });

  test("a cancel ends a decoder, and one that came before starts nothing", async () => {
    const { media, running, started } = watched();
    const controller = new AbortController();
    const frames = endless(media, { signal: controller.signal });
    await frames.next();
    const startedMs = performance.now();
    controller.abort();
    expect(await codeOf(drain(frames))).toBe("cancelled");
    expect(performance.now() - startedMs).toBeLessThan(stopMsMax);
    expect(await running()).toEqual([]);
    expect(await codeOf(drain(endless(media, { signal: controller.signal })))).toBe("cancelled");
    const { path } = spec("never.mp4");
    const remuxed = media.remux({ from: clip, to: path }, { signal: controller.signal });
    expect(await codeOf(remuxed)).toBe("cancelled");
    expect(await started()).toBe(1);
  });

  test("who stops reading early ends the decoder", async () => {
    const { media, running } = watched();
    for await (const _ of endless(media)) break;
    await until(async () => (await running()).length === 0);
  });

  test("what takes too long is killed", async () => {
    const { media, running } = watched();
    const frames = endless(media, { timeoutMs: 400 });
    expect(await codeOf(drain(frames))).toBe("i2v_timeout");
    expect(await running()).toEqual([]);
  });

  test("an abandoned encoder is gone, and its file with it", async () => {
    const { media, running } = watched();
    const encoder = media.encodeRaw(spec("abort.mp4"));
    await encoder.write(frame);
    await encoder.abort();
    expect(existsSync(spec("abort.mp4").path)).toBe(false);
    expect(await running()).toEqual([]);
  });

  test("an encoder that is killed from outside fails, to be tried again [K22]", async () => {
    const { media, running } = watched();
    const encoder = media.encodeRaw(spec("killed.mp4"));
    await encoder.write(frame);
    await until(async () => (await running()).length > 0);
    for (const pid of await running()) process.kill(pid, "SIGKILL");
    const error = await errorOf(encoder.finish());
    expect(error.message).toContain("SIGKILL");
    expect([error.code, error.retry]).toEqual(["i2v_failed", true]);
    expect(existsSync(spec("killed.mp4").path)).toBe(false);
  });

  test.skipIf(!existsSync("/dev/full"))(
    "a full disk is told as such, to be tried again [D02]",
    async () => {
      const { path } = spec("full.mp4");
      await symlink("/dev/full", path);
      const error = await errorOf(encodeFrames(openMediaWith(tool), spec("full.mp4"), pan));
      expect([error.code, error.retry]).toEqual(["i2v_failed", true]);
      expect(error.message).toContain("no space left");
      expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
    },
  );

  test("sizes that H.264 cannot have fail with ffmpeg's own words as the cause", async () => {
    const odd = spec("odd.mp4", { width: 127 });
    const oddFrame = new Uint8Array(127 * 72 + 2 * 64 * 36);
    const error = await errorOf(encodeFrames(openMediaWith(tool), odd, [oddFrame, oddFrame]));
    expect([error.code, error.retry]).toEqual(["i2v_failed", false]);
    expect(error.cause).toBeInstanceOf(Error);
    expect(existsSync(odd.path)).toBe(false);
  });
}

/** More frames than anyone waits for. */
function endless(media: Media, options: Parameters<Media["graph"]>[1] = {}) {
  const graph = `color=s=${width}x${height}`;
  const spec = { graph, pixelFormat: "gray", width, height, frames: 10_000_000 } as const;
  return media.graph(spec, options)[Symbol.asyncIterator]() as AsyncGenerator<Uint8Array>;
}

async function drain(frames: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of frames);
}
