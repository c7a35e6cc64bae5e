import { describe, expect, test } from "bun:test";
import {
  type CameraPose,
  createKernel,
  type DepthMap,
  type View,
} from "../../src/kernel/kernel.ts";
import { differenceMax, positionInMesh } from "../support/kernel-reference.ts";
import { projectPoint } from "../support/mesh-reference.ts";
import { noiseBytes } from "../support/noise.ts";
import { stillPose } from "../support/still-pose.ts";

const kernel = await createKernel();
const picture = { pixels: noiseBytes(96 * 64 * 3, 7), width: 96, height: 64 };

const level: DepthMap = { width: 2, height: 2, samples: new Float32Array(4).fill(0.5) };
const hill: DepthMap = {
  width: 9,
  height: 7,
  samples: Float32Array.from({ length: 63 }, (_, index) => {
    const [x, y] = [((index % 9) - 4) / 4, (Math.floor(index / 9) - 3) / 3];
    return Math.exp(-(x * x + y * y));
  }),
};

const poses: Readonly<Record<string, CameraPose>> = {
  "the still": stillPose,
  "a zoom": { ...stillPose, zoom: 1.1 },
  "a roll and a pan": { ...stillPose, roll: 0.02, panX: 3.5, panY: -2.25 },
  "a shift of near and far": { ...stillPose, zoom: 1.1, parallaxX: 4, parallaxY: -2 },
  "a dolly": { ...stillPose, zoom: 1.08, dolly: 0.06 },
  "all at once": {
    zoom: 1.12,
    roll: -0.01,
    panX: 1,
    panY: 2,
    parallaxX: -3,
    parallaxY: 2,
    dolly: -0.05,
  },
};

describe("the mesh", () => {
  for (const [name, pose] of Object.entries(poses)) {
    test.each([
      ["level", level],
      ["a hill", hill],
    ] as const)(`follows ${name} where depth is %s`, (_, depth) => {
      const view: View = { width: 90, height: 54, depth, pivot: 0.4 };
      const warp = kernel.load(picture, view);
      const mesh = warp.mesh(pose);
      for (const [x, y] of [
        [0, 0],
        [16, 16],
        [48, 32],
        [96, 0],
        [32, 64],
        [96, 64],
      ] as const) {
        const [expectedX, expectedY] = projectPoint(view, warp.source, pose, x, y);
        const vertex = ((y / 16) * 7 + x / 16) * 2;
        const clampedX = Math.min(warp.source.width + 16, Math.max(-16, expectedX));
        const clampedY = Math.min(warp.source.height + 16, Math.max(-16, expectedY));
        // Poses are rounded to 32 bits, vertices to 1/65536 of a pixel.
        expect((mesh[vertex] ?? 0) / 65536).toBeCloseTo(clampedX, 3);
        expect((mesh[vertex + 1] ?? 0) / 65536).toBeCloseTo(clampedY, 3);
      }
    });
  }

  test("never points farther outside the picture than its border reaches", () => {
    const warp = kernel.load(picture, { width: 90, height: 54, depth: hill, pivot: 0.5 });
    const wild = { ...stillPose, zoom: 0.2, panX: 900, panY: -900, parallaxX: 300 };
    const mesh = warp.mesh(wild);
    for (let vertex = 0; vertex < mesh.length; vertex += 2) {
      expect(Math.abs((mesh[vertex] ?? 0) / 65536 - 84)).toBeLessThanOrEqual(84 + 16);
      expect(Math.abs((mesh[vertex + 1] ?? 0) / 65536 - 56)).toBeLessThanOrEqual(56 + 16);
    }
    expect(warp.draw(wild).length).toBe((90 * 54 * 3) / 2);
  });
});

describe("overflow", () => {
  const view: View = { width: 90, height: 54, depth: hill, pivot: 0.4 };

  test.each(Object.entries(poses))("of %s is that of the outermost pixels' centres", (_, pose) => {
    const warp = kernel.load(picture, view);
    let reach = Number.NEGATIVE_INFINITY;
    for (let y = 0; y < 54; y++) {
      for (const x of y === 0 || y === 53 ? Array(90).keys() : [0, 89]) {
        const [sourceX, sourceY] = projectPoint(view, warp.source, pose, x, y);
        reach = Math.max(reach, -0.5 - sourceX, sourceX - warp.source.width + 0.5);
        reach = Math.max(reach, -0.5 - sourceY, sourceY - warp.source.height + 0.5);
      }
    }
    // The kernel looks at every 16th pixel.
    expect(warp.overflow(pose)).toBeLessThanOrEqual(reach + 0.01);
    expect(warp.overflow(pose)).toBeGreaterThan(reach - 0.6);
  });

  test("is negative for the still, which lies wholly inside", () => {
    expect(kernel.load(picture, view).overflow(stillPose)).toBeLessThan(0);
  });
});

test("a drawn pixel is the picture at the place that the mesh gives it", () => {
  const width = 90;
  const height = 54;
  const smooth = new Uint8Array(96 * 64 * 3);
  for (let pixel = 0; pixel < 96 * 64; pixel++)
    smooth.fill(2 * (pixel % 96), pixel * 3, pixel * 3 + 3);
  const warp = kernel.load(
    { ...picture, pixels: smooth },
    { width, height, depth: hill, pivot: 0.4 },
  );
  const pose = { ...stillPose, zoom: 1.2, panX: 2.5, parallaxX: 3 };
  const mesh = warp.mesh(pose);
  const expected = Float64Array.from({ length: width * height }, (_, index) => {
    const [x] = positionInMesh(mesh, 16, width, index % width, Math.floor(index / width));
    return 16 + (219 / 255) * 2 * ((x + 0.5) / 1.75 - 0.5);
  });
  const frame = warp.draw(pose);
  expect(differenceMax(frame.subarray(0, width * height), expected)).toBeLessThan(1.5);
  expect(differenceMax(frame.subarray(width * height), new Uint8Array(2430).fill(128))).toBe(0);
});

test("colour lies where H.264 sites it: on the left column, between the rows", () => {
  // Blue rises to the right and red downwards, each by four levels a pixel.
  const [width, height] = [48, 48];
  const pixels = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    pixels.set([4 * Math.floor(pixel / width), 96, 4 * (pixel % width)], pixel * 3);
  }
  const warp = kernel.load({ pixels, width, height }, { width, height, depth: level, pivot: 0.5 });
  const frame = warp.draw(stillPose);
  const chromaAt = (plane: number, x: number, y: number) =>
    frame[width * height + (plane * width * height) / 4 + y * (width / 2) + x] ?? 0;
  const scale = 224 / 255 / 2;
  for (const [x, y] of [
    [6, 6],
    [12, 9],
    [17, 15],
  ] as const) {
    // Sample x stands at pixel 2x, sample y at pixel 2y + 1/2.
    const [red, blue] = [4 * (2 * y + 0.5), 4 * (2 * x)];
    const luma = 0.2126 * red + 0.7152 * 96 + 0.0722 * blue;
    expect(
      Math.abs(chromaAt(0, x, y) - (128 + (scale * (blue - luma)) / (1 - 0.0722))),
    ).toBeLessThan(1);
    expect(
      Math.abs(chromaAt(1, x, y) - (128 + (scale * (red - luma)) / (1 - 0.2126))),
    ).toBeLessThan(1);
  }
});

test("loading pictures again and again needs no more memory than the largest one", () => {
  const view: View = { width: 90, height: 54, depth: level, pivot: 0.5 };
  kernel.load(picture, view);
  const bytes = kernel.memoryBytes();
  for (let round = 0; round < 50; round++) kernel.load(picture, view).draw(stillPose);
  expect(kernel.memoryBytes()).toBe(bytes);
});
