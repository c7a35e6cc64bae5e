import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { AppError } from "../../src/errors.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import type { TestPipeline } from "../support/pipeline.ts";
import { encodeGreyClip } from "../support/still-clip.ts";
import { usePipelines } from "../support/use-pipelines.ts";

const { folder, clipPath, open } = await usePipelines();

const loopEvents = [
  "queued",
  "vision_started",
  "vision_completed",
  "stage_started:stage1",
  "stage_completed:stage1",
  "stage_started:stage2",
  "stage_completed:stage2",
  "stage_started:merge",
  "stage_completed:merge",
  "r2_write_completed",
  "ready",
];
const usedBy = async ({ store }: TestPipeline) =>
  (await store.read.selectFrom("usage").select("used").executeTakeFirst())?.used;

describe("a generation on its way", () => {
  test("takes a loop through every stage, and says so in order", async () => {
    const { ensure, until, eventsOf, storage } = await open();
    const { asset } = await ensure();
    const view = await until(asset.id, ({ asset: { status } }) => status === "ready");
    expect(await eventsOf(asset.id)).toEqual(loopEvents);
    expect(view.current).toMatchObject({
      id: view.newest.id,
      state: "ready",
      frames: 60,
      fps: 30,
      loop_mode: "native",
      thumbhash: expect.stringMatching(/^[A-Za-z0-9+/]{20,40}={0,2}$/),
      cost_usd_micros: 50_000,
      charged: 1,
    });
    expect(JSON.parse(view.newest.seam ?? "")).toEqual({
      sr: 1.1,
      ar: 1.05,
      delta: 0.001,
      luma_step: 0.2,
    });
    const stored = await storage.stat(view.newest.media_key ?? "");
    expect(stored?.sizeBytes).toBe(view.newest.bytes ?? -1);
  });

  test("takes the other modes through one stage", async () => {
    const { ensure, until, eventsOf } = await open();
    const { asset } = await ensure({ mode: "animate-in" });
    const view = await until(asset.id, ({ asset: { status } }) => status === "ready");
    expect((await eventsOf(asset.id)).slice(3, 5)).toEqual([
      "stage_started:single",
      "stage_completed:single",
    ]);
    expect(view.newest.loop_mode).toBeNull();
  });

  test("leaves nothing behind that only its stages needed", async () => {
    const { ensure, until, storage, store } = await open();
    const { asset } = await ensure();
    await until(asset.id, ({ asset: { status } }) => status === "ready");
    const cleaned = async () =>
      (await store.read.selectFrom("jobs").select("id").execute()).length === 0;
    while (!(await cleaned())) await new Promise((resolve) => setImmediate(resolve));
    const { newest } = (await until(asset.id, () => true)) ?? {};
    expect(await storage.stat(newest?.source_key ?? "")).toBeUndefined();
    expect(await storage.stat(newest?.work_key ?? "")).toBeUndefined();
  });

  test("polls a provider that works elsewhere, by the reference stored first", async () => {
    const motion = createFakeMotion({ clipPath, polls: 2 });
    const { ensure, until, clock } = await open({ motion: [motion] });
    const { asset } = await ensure({ mode: "animate-in" });
    for (const calls of [1, 2]) {
      await until(asset.id, ({ newest }) => newest.provider_reference === "ref_single");
      while (motion.calls.length < calls) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(2000);
    }
    // No further than it takes: what comes after has its own limits by this clock.
    const advancing = setInterval(() => motion.calls.length < 3 && clock.advance(500), 1);
    const { newest } = await until(asset.id, (view) => view.asset.status === "ready");
    clearInterval(advancing);
    expect(motion.calls).toEqual(["begin single", "resume ref_single", "resume ref_single"]);
    expect(newest.provider_reference).toBeNull();
  });
});

describe("a generation that fails", () => {
  const overloaded = () => new AppError("i2v_failed", "the model is busy", { retry: true });

  test("tries a passing fault again after one and four seconds", async () => {
    const motion = createFakeMotion({ clipPath, script: [overloaded(), overloaded()] });
    const { ensure, until, eventsOf, clock, store } = await open({ motion: [motion] });
    const { asset } = await ensure({ mode: "animate-in" });
    await until(asset.id, ({ newest }) => newest.stage_attempts === 1);
    clock.advance(1000);
    await until(asset.id, ({ newest }) => newest.stage_attempts === 2);
    clock.advance(3999);
    expect(motion.calls).toHaveLength(2);
    clock.advance(1);
    await until(asset.id, (view) => view.asset.status === "ready");
    expect((await eventsOf(asset.id)).slice(3)).toEqual([
      "stage_started:single",
      "retry_scheduled:single",
      "stage_started:single",
      "retry_scheduled:single",
      "stage_started:single",
      "stage_completed:single",
      "r2_write_completed",
      "ready",
    ]);
    const retries = await store.read
      .selectFrom("events")
      .select("payload")
      .where("type", "=", "retry_scheduled")
      .orderBy("id")
      .execute();
    expect(retries.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      { attempt: 1, delay_ms: 1000, error_code: "i2v_failed", error_msg: "the model is busy" },
      { attempt: 2, delay_ms: 4000 },
    ]);
  });

  test("ends after the third fault, gives the charge back and says both", async () => {
    const script = [overloaded(), overloaded(), overloaded()];
    const motion = createFakeMotion({ clipPath, script });
    const opened = await open({ motion: [motion], plan: "free" });
    const { ensure, until, eventsOf, clock } = opened;
    const { asset } = await ensure();
    expect(await usedBy(opened)).toBe(1);
    for (const attempts of [1, 2]) {
      await until(asset.id, ({ newest }) => newest.stage_attempts === attempts);
      clock.advance(4000);
    }
    const view = await until(asset.id, ({ asset: { status } }) => status === "failed");
    expect((await eventsOf(asset.id)).slice(-2)).toEqual(["stage_failed:stage1", "failed"]);
    expect(view.newest).toMatchObject({
      state: "failed",
      error_code: "i2v_failed",
      error_msg: "the model is busy",
      charged: 0,
    });
    expect(await usedBy(opened)).toBe(0);
  });

  test("ends at once on a fault that will not pass", async () => {
    const vision = createFakeVision([new AppError("vision_blocked", "NSFW source")]);
    const { ensure, until, eventsOf } = await open({ vision });
    const { asset } = await ensure();
    await until(asset.id, ({ asset: { status } }) => status === "failed");
    expect(await eventsOf(asset.id)).toEqual([
      "queued",
      "vision_started",
      "vision_failed",
      "failed",
    ]);
  });

  test("says vision_failed and the source's own code when the source is at fault", async () => {
    const refused = new AppError("source_unfetchable", "the source answered 404");
    const { ensure, until, eventsOf } = await open({
      sources: { read: () => Promise.reject(refused) },
    });
    const { asset } = await ensure();
    const { newest } = await until(asset.id, ({ asset: { status } }) => status === "failed");
    expect(await eventsOf(asset.id)).toEqual(["queued", "vision_failed", "failed"]);
    expect(newest.error_code).toBe("source_unfetchable");
  });

  test("refuses a source that is no picture, by its bytes", async () => {
    const svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    const { ensure, until } = await open({
      sources: { read: async (_src, path) => void (await Bun.write(path, svg)) },
    });
    const { asset } = await ensure();
    const { newest } = await until(asset.id, ({ asset: { status } }) => status === "failed");
    expect(newest.error_code).toBe("source_unsupported");
    expect(newest.error_msg).toContain("svg");
  });

  test("times a stage out on the clock, and tries it again", async () => {
    const held = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    const motion = createFakeMotion({ clipPath, hold: held });
    const { ensure, until, clock } = await open({ motion: [motion] });
    const { asset } = await ensure({ mode: "animate-in" });
    await until(asset.id, ({ newest }) => newest.state === "single");
    while (motion.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(300_000);
    const { newest } = await until(asset.id, (view) => view.newest.stage_attempts === 1);
    expect(newest.state).toBe("single");
  });

  test("never becomes ready with a clip that no browser would play", async () => {
    const wrong = join(folder, "long.mp4");
    await encodeGreyClip(wrong, 4);
    const { ensure, until } = await open({ motion: [createFakeMotion({ clipPath: wrong })] });
    const { asset } = await ensure({ mode: "animate-in" });
    const { newest } = await until(asset.id, ({ asset: { status } }) => status === "failed");
    expect(newest).toMatchObject({ error_code: "i2v_failed" });
    expect(newest.error_msg).toContain("lasts 4 s instead of 2 s");
  });
});

describe("many who ask at once", () => {
  test("make one asset, one generation and one charge", async () => {
    const opened = await open();
    const views = await Promise.all(Array.from({ length: 200 }, () => opened.ensure()));
    expect(new Set(views.map(({ asset }) => asset.id)).size).toBe(1);
    expect(new Set(views.map(({ newest }) => newest.id)).size).toBe(1);
    expect(await usedBy(opened)).toBe(1);
  });

  test("are all refused when the owner has nothing left, and nothing is written", async () => {
    const { ensure, store } = await open({ plan: "free" });
    for (const idem of ["a", "b", "c", "d", "e"]) await ensure({ idem });
    await expect(ensure({ idem: "f" })).rejects.toThrow("monthly limit reached");
    const assets = await store.read.selectFrom("assets").select("idem").execute();
    expect(assets.map(({ idem }) => idem).sort()).toEqual(["a", "b", "c", "d", "e"]);
  });
});
