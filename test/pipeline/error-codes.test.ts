import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { AppError } from "../../src/errors.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { createFakeMotion } from "../fakes/providers.ts";
import type { TestPipeline } from "../support/pipeline.ts";
import { until } from "../support/until.ts";
import { usePipelines } from "../support/use-pipelines.ts";

const { folder, clipPath, open } = await usePipelines();

const waitsMs = [1000, 4000];

describe("a stage that is not done in its time", () => {
  /** Counts who waits, and lets nobody go before the time is up. */
  const createHold = () => {
    let calls = 0;
    const hold = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        calls += 1;
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    return { hold, calls: () => calls };
  };

  /** Lets each of three attempts take `timeoutMs`, which ends it, and not a moment less. */
  const endThreeAttempts = async (opened: TestPipeline, timeoutMs: number, calls: () => number) => {
    const { asset } = await opened.ensure({ mode: "animate-in" });
    for (const attempt of [1, 2, 3]) {
      await until(() => calls() === attempt);
      opened.clock.advance(timeoutMs);
      if (attempt === 3) break;
      await opened.until(asset.id, ({ newest }) => newest.stage_attempts === attempt);
      opened.clock.advance(waitsMs[attempt - 1] ?? 0);
    }
    const { newest } = await opened.until(asset.id, (view) => view.asset.status === "failed");
    return { code: newest.error_code, events: await opened.eventsOf(asset.id) };
  };

  test("a look that takes more than 30 seconds, three times, ends as vision_timeout", async () => {
    const { hold, calls } = createHold();
    const opened = await open({
      vision: { name: "slow", describe: (_request, signal) => hold(signal) },
    });
    const { code, events } = await endThreeAttempts(opened, 30_000, calls);
    expect(code).toBe("vision_timeout");
    expect(events.filter((name) => name === "retry_scheduled:vision")).toHaveLength(2);
    expect(events.slice(-2)).toEqual(["vision_failed", "failed"]);
  });

  test("a model that takes more than five minutes, three times, ends as i2v_timeout", async () => {
    const { hold, calls } = createHold();
    const opened = await open({ motion: [createFakeMotion({ clipPath, hold })] });
    const { code, events } = await endThreeAttempts(opened, 300_000, calls);
    expect(code).toBe("i2v_timeout");
    expect(events.filter((name) => name === "retry_scheduled:single")).toHaveLength(2);
    expect(events.slice(-2)).toEqual(["stage_failed:single", "failed"]);
  });
});

test("a loop that cannot be packaged ends as merge_failed, and animate-in needs no merge", async () => {
  const media = await openMedia({ ffmpegPath: undefined });
  const fault = new AppError("i2v_failed", "ffmpeg failed with exit code 1");
  const opened = await open({ media: { ...media, remux: () => Promise.reject(fault) } });
  const { asset } = await opened.ensure({ mode: "loop" });
  const { newest } = await opened.until(asset.id, (view) => view.asset.status === "failed");
  expect(newest.error_code).toBe("merge_failed");
  expect((await opened.eventsOf(asset.id)).slice(-2)).toEqual(["stage_failed:merge", "failed"]);
  const other = await opened.ensure({ mode: "animate-in" });
  await opened.until(other.asset.id, (view) => view.asset.status === "ready");
});

describe("a clip that cannot be stored", () => {
  /** A disk that refuses the finished clip so many times. */
  const openWithFullDisk = (refusals: number) => {
    const disk = openStorage({ kind: "disk", root: join(folder, `disk-${refusals}`) });
    let left = refusals;
    const put: typeof disk.put = (key, ...rest) => {
      if (!/^media\/.*mp4$/.test(key) || left === 0) return disk.put(key, ...rest);
      left -= 1;
      return Promise.reject(new AppError("r2_write_failed", "the disk is full"));
    };
    return open({ storage: { ...disk, put } });
  };

  test("is tried again, and is stored in the end", async () => {
    const opened = await openWithFullDisk(1);
    const { asset } = await opened.ensure({ mode: "animate-in" });
    await opened.until(asset.id, ({ newest }) => newest.stage_attempts === 1);
    opened.clock.advance(1000);
    await opened.until(asset.id, (view) => view.asset.status === "ready");
    expect((await opened.eventsOf(asset.id)).slice(-3)).toEqual([
      "retry_scheduled:r2_write",
      "r2_write_completed",
      "ready",
    ]);
  });

  test("three times, ends as r2_write_failed", async () => {
    const opened = await openWithFullDisk(3);
    const { asset } = await opened.ensure({ mode: "animate-in" });
    for (const attempt of [1, 2]) {
      await opened.until(asset.id, ({ newest }) => newest.stage_attempts === attempt);
      opened.clock.advance(waitsMs[attempt - 1] ?? 0);
    }
    const { newest } = await opened.until(asset.id, (view) => view.asset.status === "failed");
    expect(newest.error_code).toBe("r2_write_failed");
  });
});
