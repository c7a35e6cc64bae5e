import { describe, expect, test } from "bun:test";
import { measureFlicker } from "../../bench/gallery/sharpness.ts";
import { createKernel } from "../../src/kernel/kernel.ts";
import { createClip, planClip, readPicture } from "../../src/motion/clip.ts";
import type { RenderRequest } from "../../src/motion/render.ts";
import { lookAtStill } from "../../src/motion/sight.ts";
import type { Mode, Motion } from "../../src/scene/plan.ts";
import { pictureFixture } from "../support/pictures/picture-fixtures.ts";
import { smallRequest } from "../support/render-fixtures.ts";

const kernel = await createKernel();

/** Luma planes of a clip in production's size, moved as its picture is. */
async function clipOf(name: string, mode: Mode, motion: Motion) {
  const { kind, path } = pictureFixture(name);
  const request: RenderRequest = {
    ...smallRequest,
    ...{ motion, mode, longSide: 1280, aspect: "preserve", sourcePath: await path() },
    plan: { focal: { x: 0.5, y: 0.5 }, camera: kind === "graphic" ? "flat" : "parallax" },
  };
  const plan = await planClip(request);
  const { isPage, relief } = await lookAtStill(request, plan.window);
  const camera = isPage ? "page" : request.plan.camera;
  const picture = await readPicture(request, plan, camera);
  const { width, height } = plan;
  const clip = createClip(kernel, picture, {
    ...plan,
    ...{ motion, mode, seed: request.seed, camera },
    ...(relief && { depth: relief.depth, firmness: relief }),
  });
  const frames = Array.from({ length: clip.frames }, (_, index) =>
    clip.draw(index).slice(0, width * height),
  );
  return { frames, width, height };
}

/** Those that come nearest to the bound, of all pictures, modes and motions. */
const worst: readonly (readonly [string, Mode, Motion])[] = [
  ["chart", "loop", "subtle"],
  ["chart", "animate-on-hover", "subtle"],
  ["chart", "animate-on-hover", "medium"],
  ["chart", "animate-in", "kinetic"],
  ["illustration", "loop", "subtle"],
  ["illustration", "animate-on-hover", "medium"],
  ["screenshot-dark", "loop", "kinetic"],
  ["line-art", "animate-on-hover", "subtle"],
  ["logo", "loop", "medium"],
  ["panorama", "loop", "medium"],
  ["facade", "animate-on-hover", "kinetic"],
];

describe("sharpness pumps by at most a hundredth", () => {
  test.each(worst)("in %s, %s, %s", async (name, mode, motion) => {
    const { frames, ...size } = await clipOf(name, mode, motion);
    const ends = mode === "animate-in" ? "elsewhere" : "where-it-begins";
    expect(measureFlicker(frames, size, ends)).toBeLessThanOrEqual(0.01);
  });
});
