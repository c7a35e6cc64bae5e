import { describe, expect, test } from "bun:test";
import { type CameraPose, createKernel, type View } from "../../src/kernel/kernel.ts";
import { bendOf, skewOf } from "../../src/motion/firmness.ts";
import { leastJacobian } from "../../src/motion/jacobian.ts";
import { jacobianMin } from "../support/mesh-reference.ts";
import { bendInMesh, skewInMesh } from "../support/mesh-tracking.ts";
import { noiseBytes } from "../support/noise.ts";

const kernel = await createKernel();
const picture = { pixels: noiseBytes(640 * 360 * 3, 3), width: 640, height: 360 };

const viewOf = (depthAt: (x: number, y: number) => number): View => ({
  width: 640,
  height: 360,
  pivot: 0.4,
  depth: {
    width: 64,
    height: 36,
    samples: Float32Array.from({ length: 64 * 36 }, (_, index) =>
      depthAt(((index % 64) + 0.5) / 64, (Math.floor(index / 64) + 0.5) / 36),
    ),
  },
});

const hill = viewOf((x, y) => Math.exp(-(((x - 0.5) / 0.3) ** 2) - ((y - 0.5) / 0.3) ** 2));
const slope = viewOf((x, y) => 0.2 + 0.3 * x + 0.4 * y);
const level = viewOf(() => 0.7);

const pose: CameraPose = {
  zoom: 1.15,
  roll: 0.01,
  panX: 3,
  panY: -2,
  parallaxX: 14,
  parallaxY: -6,
  dolly: 0.03,
};
const line = { from: { x: 0.2, y: 0.3 }, to: { x: 0.8, y: 0.45 } };
const box = { left: 0.3, top: 0.3, width: 0.2, height: 0.3 };

function meshOf(view: View) {
  const warp = kernel.load(picture, view);
  const { width: sourceWidth, height: sourceHeight } = warp.source;
  const { width, height } = view;
  return { vertices: warp.mesh(pose).slice(), width, height, sourceWidth, sourceHeight };
}

describe("how far lines bend and boxes skew", () => {
  test("is what is seen in the mesh", () => {
    const mesh = meshOf(hill);
    expect(bendOf(hill, pose, line)).toBeGreaterThan(0.5);
    expect(bendOf(hill, pose, line)).toBeCloseTo(bendInMesh(mesh, line.from, line.to) * 1.15, 0);
    expect(skewOf(hill, pose, box)).toBeGreaterThan(0.5);
    expect(skewOf(hill, pose, box) / (skewInMesh(mesh, box) * 1.15)).toBeCloseTo(1, 0);
  });

  test("is nothing on a level, and lines stay straight on a slope", () => {
    expect(bendOf(level, pose, line)).toBeLessThan(1e-5);
    expect(skewOf(level, pose, box)).toBeLessThan(1e-5);
    expect(bendOf(slope, pose, line)).toBeLessThan(0.05);
    expect(skewOf(slope, pose, box)).toBeGreaterThan(0.3);
  });

  test("is nothing for what lies outside the frame", () => {
    expect(bendOf(hill, pose, { from: { x: -1, y: 0 }, to: { x: -0.1, y: 0 } })).toBe(0);
    expect(skewOf(hill, pose, { ...box, left: 1.2 })).toBe(0);
  });
});

test("the least Jacobian is that of the reference", () => {
  for (const view of [hill, slope, level]) {
    const mesh = meshOf(view);
    const source = { width: mesh.sourceWidth, height: mesh.sourceHeight };
    const expected = jacobianMin(mesh.vertices, view, source);
    expect(leastJacobian(mesh.vertices, mesh)).toBeCloseTo(expected, 9);
  }
});
