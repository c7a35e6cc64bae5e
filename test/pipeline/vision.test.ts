import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { openApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { createLocalVision } from "../../src/providers/local-vision.ts";
import type { Plan } from "../../src/scene/plan.ts";
import type { Sight } from "../../src/scene/sight.ts";
import { openSight } from "../../src/vision/open-sight.ts";
import { createFakeMotion } from "../fakes/providers.ts";
import { openTestPipeline } from "../support/pipeline.ts";
import { samplePath } from "../support/render-fixtures.ts";
import { silentLog } from "../support/silent-log.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The pipeline with real sight, whose every source is the portrait. */
async function openSeeing(nsfwThreshold: number) {
  const sight = openSight({ clock: systemClock }, { nsfwThreshold, depthModelPath: undefined });
  closing.push(() => sight.close());
  const clipPath = join(import.meta.dir, "../fixtures/clip.mp4");
  const pipeline = await openTestPipeline({
    vision: createLocalVision({ sight }),
    motion: [createFakeMotion({ clipPath })],
    sources: {
      read: async (_src, path) => void (await Bun.write(path, Bun.file(samplePath("portrait")))),
    },
  });
  closing.push(() => pipeline.close());
  return pipeline;
}

test("what was seen in a still is kept with its generation, beside prompt and plan", async () => {
  const { ensure, until } = await openSeeing(0.85);
  const { asset } = await ensure({ mode: "animate-in" });
  const { newest } = await until(asset.id, ({ newest: { sight } }) => sight !== null);
  const sight = JSON.parse(newest.sight ?? "") as Sight;
  expect(sight).toMatchObject({ caption: "a person, warm light", nsfw: { decision: "pass" } });
  const plan = JSON.parse(newest.plan ?? "") as Plan;
  expect(plan.rigid).toEqual([expect.objectContaining(sight.subjects[0]?.box ?? {})]);
  expect(newest.vision_prompt).toStartWith("A person, warm light.");
});

test("a blocked source fails at once, with the documented words", async () => {
  const { ensure, until } = await openSeeing(0);
  const { asset } = await ensure();
  const { newest } = await until(asset.id, ({ asset: { status } }) => status === "failed");
  expect(`${newest.error_code}: ${newest.error_msg}`).toBe("vision_blocked: NSFW source");
  expect(newest.stage_attempts).toBe(0);
});

test("a server does not start with a depth model that cannot be used", async () => {
  const folder = await openTemporaryDirectory();
  closing.push(() => folder.close());
  const model = join(folder.path, "model.onnx");
  await Bun.write(model, "no model");
  const env = {
    MOTIONESS_LISTEN: "127.0.0.1:0",
    MOTIONESS_DATA_DIR: join(folder.path, "data"),
    MOTIONESS_DEPTH_MODEL: model,
  };
  for (const _ of ["broken", "and still"]) {
    const { config } = parseConfig({ env, readFile: () => "" });
    await expect(openApp(config, { log: silentLog })).rejects.toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining("MOTIONESS_DEPTH_MODEL"),
    });
  }
});
