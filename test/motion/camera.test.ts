import { describe, expect, test } from "bun:test";
import type { CameraPose } from "../../src/kernel/kernel.ts";
import { type CameraRequest, createCameraPath, parallaxReach } from "../../src/motion/camera.ts";
import { type Mode, modes, motions } from "../../src/scene/plan.ts";
import { stillPose } from "../support/still-pose.ts";

const cameras = ["flat", "parallax", "page"] as const;
const seeds = Array.from({ length: 24 }, (_, index) => index * 89_478_485);

const medium: CameraRequest = {
  camera: "parallax",
  motion: "medium",
  mode: "loop",
  frames: 120,
  seed: 1,
  width: 1280,
};

/** Every path there is, for some seeds. */
function pathsOf(mode: Mode) {
  return cameras.flatMap((camera) =>
    motions.flatMap((motion) =>
      seeds.map((seed) => createCameraPath({ ...medium, camera, motion, mode, seed })),
    ),
  );
}

const names = ["zoom", "roll", "panX", "panY", "parallaxX", "parallaxY", "dolly"] as const;

/** How differently two poses show the picture, about in pixels at the frame's border. */
function distance(left: CameraPose, right: CameraPose): number {
  const scale = { zoom: 640, roll: 640, panX: 1, panY: 1, parallaxX: 1, parallaxY: 1, dolly: 640 };
  return Math.hypot(...names.map((name) => scale[name] * (left[name] - right[name])));
}

describe("loop", () => {
  test("has the period of its frames: frame N would be frame 0, and is never asked for", () => {
    for (const path of pathsOf("loop")) {
      expect(path.frames).toBe(120);
      for (const frame of [0, 1, 59]) {
        const next = path.poseAt(frame + path.frames, 0.02);
        expect(distance(path.poseAt(frame, 0.02), next)).toBeLessThan(1e-9);
      }
    }
  });

  test("its step over the seam is a step like all others, in speed and in acceleration", () => {
    for (const path of pathsOf("loop")) {
      const at = (frame: number) => path.poseAt((frame + path.frames) % path.frames, 0);
      const steps = Array.from({ length: 120 }, (_, frame) => distance(at(frame), at(frame + 1)));
      const bends = steps.map((step, frame) => Math.abs(step - (steps[(frame + 1) % 120] ?? 0)));
      expect(steps[119]).toBeLessThanOrEqual(1.01 * Math.max(...steps.slice(0, 119)));
      const ordinary = Math.max(...bends.slice(0, 117));
      expect(Math.max(...bends.slice(117))).toBeLessThanOrEqual(1.1 * ordinary);
    }
  });
});

test("animate-in ends in the still, without a jolt, and comes nearer with each frame", () => {
  for (const path of pathsOf("animate-in")) {
    const distances = Array.from({ length: 120 }, (_, frame) =>
      distance(path.poseAt(frame, 0.03), stillPose),
    );
    expect(path.poseAt(119, 0.03)).toEqual(expect.objectContaining({ zoom: 1 }));
    expect(distances[119]).toBe(0);
    expect(distances[118]).toBeLessThan(0.001);
    for (const [frame, now] of distances.slice(1).entries()) {
      expect(now).toBeLessThan(distances[frame] ?? 0);
    }
  }
});

test("animate-on-hover starts from the still and comes back to it, at rest at both ends", () => {
  for (const path of pathsOf("animate-on-hover")) {
    const at = (frame: number) => path.poseAt(frame, 0.03);
    expect(distance(at(0), stillPose)).toBe(0);
    const steps = Array.from({ length: 119 }, (_, frame) => distance(at(frame), at(frame + 1)));
    const fastest = Math.max(...steps);
    expect(steps[0]).toBeLessThan(0.12 * fastest);
    expect(steps[118]).toBeLessThan(0.2 * fastest);
    expect(distance(at(119), stillPose)).toBeLessThan(0.12 * fastest);
  }
});

test("a flat camera moves the picture as one sheet, and visibly so", () => {
  for (const mode of modes) {
    for (const motion of motions) {
      const path = createCameraPath({ ...medium, camera: "flat", mode, motion });
      const poses = Array.from({ length: 120 }, (_, frame) => path.poseAt(frame, 0.02));
      expect(poses.every(({ parallaxX, parallaxY }) => parallaxX === 0 && parallaxY === 0)).toBe(
        true,
      );
      const reach = Math.max(...poses.map((pose) => distance(pose, poses[0] ?? stillPose)));
      expect(reach).toBeGreaterThan(16);
    }
  }
});

test("each intensity moves more than the one before", () => {
  for (const mode of modes) {
    for (const camera of cameras) {
      const reaches = motions.map((motion) => {
        const path = createCameraPath({ ...medium, camera, mode, motion });
        return distance(path.poseAt(0, 0), path.poseAt(60, 0));
      });
      expect(reaches).toEqual(reaches.toSorted((left, right) => left - right));
    }
  }
});

test("the seed decides the take: the same one again, another one otherwise", () => {
  for (const mode of modes) {
    const poseOf = (seed: number) => createCameraPath({ ...medium, mode, seed }).poseAt(30, 0.02);
    expect(poseOf(7)).toEqual(poseOf(7));
    expect(poseOf(7)).not.toEqual(poseOf(8));
  }
});

test("lengths grow with the frame, so that every size shows the same move", () => {
  const small = createCameraPath({ ...medium, width: 320 }).poseAt(11, 0.02);
  const large = createCameraPath(medium).poseAt(11, 0.02);
  expect(large.panX).toBeCloseTo(4 * small.panX, 9);
  expect(large.parallaxY).toBeCloseTo(4 * small.parallaxY, 9);
  expect(large.zoom).toBe(small.zoom);
});

describe("parallax", () => {
  const request = { motion: "medium", mode: "loop", frames: 60, seed: 3, width: 1000 } as const;
  const pathWith = (parallax: number) =>
    createCameraPath({ ...request, camera: "parallax", parallax });

  test("of none is the move of a sheet, which nothing parts in", () => {
    const flat = createCameraPath({ ...request, camera: "flat" });
    for (let frame = 0; frame < 60; frame += 7) {
      expect(pathWith(0).poseAt(frame, 0.02)).toEqual(flat.poseAt(frame, 0.02));
      const { parallaxX, parallaxY, dolly } = flat.poseAt(frame, 0);
      expect([parallaxX, parallaxY, dolly].map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  test("of half parts near and far half as far, and makes up for it by panning", () => {
    const [half, whole] = [pathWith(0.5).poseAt(9, 0), pathWith(1).poseAt(9, 0)];
    expect(half.parallaxX).toBeCloseTo(whole.parallaxX / 2, 9);
    expect(half.dolly).toBeCloseTo(whole.dolly / 2, 9);
    expect(Math.abs(half.panX)).toBeGreaterThan(Math.abs(whole.panX));
  });

  test("never goes farther than its reach", () => {
    for (const motion of motions) {
      for (const mode of modes) {
        const reach = 1000 * parallaxReach(motion, mode);
        const shifts = [1, 2, 3, 4, 5].flatMap((seed) => {
          const path = createCameraPath({ ...request, motion, mode, seed, camera: "parallax" });
          return Array.from({ length: 60 }, (_, frame) =>
            Math.abs(path.poseAt(frame, 0).parallaxX),
          );
        });
        expect(Math.max(...shifts)).toBeLessThanOrEqual(reach * 1.0001);
        expect(Math.max(...shifts)).toBeGreaterThan(reach / 3);
      }
    }
  });
});
