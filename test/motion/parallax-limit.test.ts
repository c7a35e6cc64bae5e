import { describe, expect, test } from "bun:test";
import { createKernel, type DepthMap } from "../../src/kernel/kernel.ts";
import { createCameraPath } from "../../src/motion/camera.ts";
import { fitZoom } from "../../src/motion/fit.ts";
import { leastJacobian } from "../../src/motion/jacobian.ts";
import { limitParallax } from "../../src/motion/parallax-limit.ts";
import type { Firmness } from "../../src/motion/sight.ts";
import { noiseBytes } from "../support/noise.ts";

const kernel = await createKernel();
const picture = { pixels: noiseBytes(320 * 176 * 3, 3), width: 320, height: 176 };
const size = { width: 320, height: 180 };

/** A near disc whose rim is so many samples of 64 wide. */
const disc = (rim: number): DepthMap => ({
  width: 64,
  height: 36,
  samples: Float32Array.from({ length: 64 * 36 }, (_, index) => {
    const distance = Math.hypot((index % 64) - 32, Math.floor(index / 64) - 18);
    return Math.min(1, Math.max(0, (14 - distance) / rim));
  }),
});

const nothing: Firmness = { boxes: [], lines: [] };

function limit(depth: DepthMap, firmness: Firmness = nothing, wanted = 1) {
  const view = { ...size, depth, pivot: 0.5 };
  const warp = kernel.load(picture, view);
  const motion = "medium" as const;
  const base = { camera: "parallax", motion, mode: "loop", frames: 60, seed: 3 } as const;
  const pathWith = (parallax: number) => createCameraPath({ ...base, parallax, width: 320 });
  const parallax = limitParallax({ view, warp, motion, firmness, parallax: wanted, pathWith });
  const path = pathWith(parallax);
  const extraZoom = fitZoom(path, warp);
  const source = { sourceWidth: warp.source.width, sourceHeight: warp.source.height };
  const jacobians = Array.from({ length: 60 }, (_, frame) =>
    leastJacobian(warp.mesh(path.poseAt(frame, extraZoom)), { ...size, ...source }),
  );
  return { parallax, jacobian: Math.min(...jacobians) };
}

describe("limitParallax", () => {
  test("leaves a gentle relief all of what is wanted", () => {
    expect(limit(disc(12)).parallax).toBe(1);
    expect(limit(disc(12), nothing, 0.6).parallax).toBe(0.6);
    expect(limit(disc(12), nothing, 0).parallax).toBe(0);
  });

  test("takes from a cliff what would make it fold, and no more", () => {
    const { parallax, jacobian } = limit(disc(1));
    expect(parallax).toBeGreaterThan(0.1);
    expect(parallax).toBeLessThan(1);
    expect(jacobian).toBeGreaterThan(0.43);
    expect(jacobian).toBeLessThan(0.6);
  });

  test("keeps a line over the relief straight, and a box on its rim in shape", () => {
    const line = { from: { x: 0.1, y: 0.3 }, to: { x: 0.9, y: 0.3 } };
    const box = { left: 0.6, top: 0.4, width: 0.2, height: 0.2 };
    const free = limit(disc(12)).parallax;
    const withLine = limit(disc(12), { boxes: [], lines: [line] }).parallax;
    const withBox = limit(disc(12), { boxes: [box], lines: [] }).parallax;
    expect(withLine).toBeLessThan(free / 3);
    expect(withBox).toBeLessThan(free / 3);
  });
});
