import { describe, expect, test } from "bun:test";
import type { Engine, RenderRequest } from "../../src/motion/render.ts";
import { createLocalMotion } from "../../src/providers/local-motion.ts";
import type { MotionRequest } from "../../src/providers/motion.ts";

const { signal } = new AbortController();

describe("local motion", () => {
  const request: MotionRequest = {
    generationId: "gen_1",
    stage: "single",
    sourcePath: "/still.png",
    outputPath: "/clip.mp4",
    prompt: "not for an engine that cannot read",
    plan: { focal: { x: 0.5, y: 0.5 }, camera: "flat" },
    motion: "subtle",
    mode: "animate-in",
    aspect: "1:1",
    durationSeconds: 3,
    seed: 7,
  };
  const asked: RenderRequest[] = [];
  const engine: Engine = {
    async render(render) {
      asked.push(render);
      return { width: 960, height: 960, fps: 30, frames: 90, framesHash: "0".repeat(64) };
    },
    async close() {},
  };

  test("asks its engine for just what decides the bytes, and costs nothing", async () => {
    const outcome = await createLocalMotion({ engine }).begin(request, { signal });
    expect(outcome).toEqual({ state: "done", costUsdMicros: 0 });
    const { generationId: _id, stage: _stage, prompt: _prompt, ...rest } = request;
    expect(asked.at(-1)).toEqual({ ...rest, longSide: 1280, fps: 30 });
  });

  test("begins again where it is asked to go on: a crash leaves nothing to resume", async () => {
    const motion = createLocalMotion({ engine, longSide: 512 });
    expect(await motion.resume("lost", request, { signal })).toMatchObject({ state: "done" });
    expect(asked.at(-1)?.longSide).toBe(512);
    await motion.cancel("lost");
  });
});
