import { describe, expect, test } from "bun:test";
import { createKernel, type DepthMap } from "../../src/kernel/kernel.ts";
import { createCameraPath } from "../../src/motion/camera.ts";
import { fitZoom } from "../../src/motion/fit.ts";
import { modes, motions } from "../../src/scene/plan.ts";
import { noiseBytes } from "../support/noise.ts";
import { stillPose } from "../support/still-pose.ts";

const kernel = await createKernel();
const picture = { pixels: noiseBytes(176 * 96 * 3, 1), width: 176, height: 96 };
const slope: DepthMap = {
  width: 2,
  height: 2,
  samples: Float32Array.of(0, 0, 1, 1),
};
const seeds = [0, 1, 7, 1234, 2 ** 31 - 1];

describe("fitZoom", () => {
  for (const mode of modes) {
    test.each([...motions])(`keeps every frame of %s ${mode} inside the picture`, (motion) => {
      for (const camera of ["flat", "parallax"] as const) {
        for (const seed of seeds) {
          for (const [width, height] of [
            [160, 90],
            [90, 160],
            [100, 100],
            [166, 62],
          ] as const) {
            const frames = 48;
            const path = createCameraPath({ camera, motion, mode, frames, seed, width });
            const warp = kernel.load(picture, { width, height, depth: slope, pivot: 0.5 });
            const extraZoom = fitZoom(path, warp);
            const overflows = Array.from({ length: frames }, (_, frame) =>
              warp.overflow(path.poseAt(frame, extraZoom)),
            );
            expect(Math.max(...overflows)).toBeLessThanOrEqual(0);
            expect(extraZoom).toBeLessThan(0.15);
          }
        }
      }
    });
  }

  test("adds no more than is needed: somewhere the frame all but touches the border", () => {
    const path = createCameraPath({
      camera: "flat",
      motion: "medium",
      mode: "loop",
      frames: 60,
      seed: 3,
      width: 160,
    });
    const warp = kernel.load(picture, { width: 160, height: 90, depth: slope, pivot: 0.5 });
    const extraZoom = fitZoom(path, warp);
    const overflowOf = (extra: number) =>
      Math.max(
        ...Array.from({ length: 60 }, (_, frame) => warp.overflow(path.poseAt(frame, extra))),
      );
    expect(overflowOf(extraZoom)).toBeGreaterThan(-0.3);
    expect(extraZoom).toBeLessThan(0.06);
  });

  test("a still that is enlarged needs no more zoom than one that is reduced", () => {
    const small = { pixels: noiseBytes(48 * 32 * 3, 2), width: 48, height: 32 };
    for (const mode of modes) {
      const size = { width: 96, height: 64 };
      const path = createCameraPath({
        ...size,
        camera: "flat",
        motion: "medium",
        mode,
        frames: 60,
        seed: 3,
      });
      const warp = kernel.load(small, { ...size, depth: slope, pivot: 0.5 });
      expect(fitZoom(path, warp)).toBeLessThan(0.07);
    }
  });

  test("a path that never leaves the picture is left alone", () => {
    const path = { frames: 10, poseAt: () => ({ ...restingPose }) };
    const warp = kernel.load(picture, { width: 160, height: 90, depth: slope, pivot: 0.5 });
    expect(fitZoom(path, warp)).toBe(0);
  });
});

const restingPose = { ...stillPose, zoom: 1.1, panX: 1, panY: 1 };
