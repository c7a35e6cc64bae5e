import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { measureClip } from "../../src/loop/measure-clip.ts";
import { openSeamMeter } from "../../src/loop/seam-meter.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { countTool } from "../support/counted-tool.ts";
import { encodeFrames, rampFrame } from "../support/frames.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";
import { until } from "../support/until.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());
const media = await openMedia({ ffmpegPath: undefined });
const { signal } = new AbortController();
const path = join(directory.path, "loop.mp4");
const frames = Array.from({ length: 24 }, (_, frame) => rampFrame(128, 72, (frame * 128) / 24));
await encodeFrames(media, { path, width: 128, height: 72, fps: 30, threads: 2 }, frames);

/** A tool that never says anything, and a way to see whether it still runs. */
const hanging = () =>
  countTool({ ...media.tool, argv: ["sh", "-c", "exec sleep 600", "sh"] }, directory.path);

describe("the seam meter", () => {
  test("gives the figures of any other thread, several at a time", async () => {
    const meter = openSeamMeter({ tool: media.tool });
    const expected = await measureClip(media, path, signal);
    const measured = await Promise.all([meter.measure(path, signal), meter.measure(path, signal)]);
    expect(measured).toEqual([expected, expected]);
    await meter.close();
  });

  test("tells what was wrong with the clip", async () => {
    const meter = openSeamMeter({ tool: media.tool });
    const error = await errorOf(meter.measure(import.meta.path, signal));
    expect([error.code, error.retry]).toEqual(["i2v_failed", false]);
    expect(error.message).toStartWith("the clip is no usable mp4: ");
    await meter.close();
  });

  test("a cancel ends the measuring, and its ffmpeg, at once", async () => {
    const { tool, running } = hanging();
    const meter = openSeamMeter({ tool });
    const controller = new AbortController();
    const measuring = meter.measure(path, controller.signal);
    await until(async () => (await running()).length === 1);
    const startedMs = performance.now();
    controller.abort();
    expect(await codeOf(measuring)).toBe("cancelled");
    expect(performance.now() - startedMs).toBeLessThan(500);
    await until(async () => (await running()).length === 0);
    expect(await codeOf(meter.measure(path, controller.signal))).toBe("cancelled");
    await meter.close();
  });

  test("closing cancels what is being measured, and takes nothing new", async () => {
    const { tool, running } = hanging();
    const meter = openSeamMeter({ tool });
    const measuring = codeOf(meter.measure(path, signal));
    await until(async () => (await running()).length === 1);
    await meter.close();
    expect(await measuring).toBe("cancelled");
    await until(async () => (await running()).length === 0);
    expect(await codeOf(meter.measure(path, signal))).toBe("cancelled");
  });

  test("leaves the calling thread free", async () => {
    const meter = openSeamMeter({ tool: media.tool });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await meter.measure(path, signal);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
    await meter.close();
  });
});
