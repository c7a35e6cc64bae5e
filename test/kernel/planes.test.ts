import { expect, test } from "bun:test";
import { instantiateKernel } from "../../src/kernel/instance.ts";
import { loadPlanes, type Plane } from "../../src/kernel/planes.ts";
import {
  differenceMax,
  enlarge,
  type GreyPlane,
  rgbToPlanes,
} from "../support/kernel-reference.ts";
import { noiseBytes } from "../support/noise.ts";

const kernel = await instantiateKernel();
const picture = { pixels: noiseBytes(48 * 32 * 3, 6), width: 48, height: 32 };

function read(plane: Plane, width: number, height: number, margin: number): Uint8Array {
  const memory = new Uint8Array(kernel.memory.buffer);
  const columns = width + 2 * margin;
  const samples = new Uint8Array(columns * (height + 2 * margin));
  for (let row = 0; row < height + 2 * margin; row++) {
    const start = plane.address + (row - margin) * plane.stride - margin;
    samples.set(memory.subarray(start, start + columns), row * columns);
  }
  return samples;
}

test("a picture becomes planes 7/4 as large, in the order Y, U, V", () => {
  const mark = kernel.mark();
  const planes = loadPlanes(kernel, picture);
  const { y, u, v } = rgbToPlanes(picture.pixels, 48, 32);
  expect([planes.width, planes.height]).toEqual([84, 56]);
  const cases: readonly (readonly [Plane, GreyPlane, number, number])[] = [
    [planes.luma, { samples: y, width: 48, height: 32 }, 84, 56],
    [planes.u, { samples: u, width: 24, height: 16 }, 42, 28],
    [planes.v, { samples: v, width: 24, height: 16 }, 42, 28],
  ];
  for (const [plane, base, width, height] of cases) {
    const expected = enlarge(base, width, height).samples;
    expect(differenceMax(read(plane, width, height, 0), expected)).toBeLessThanOrEqual(2);
  }
  kernel.release(mark);
});

test("the border around each plane repeats its edge as far as the mesh may point", () => {
  const mark = kernel.mark();
  const { luma } = loadPlanes(kernel, picture);
  const margin = 18;
  const padded = read(luma, 84, 56, margin);
  const columns = 84 + 2 * margin;
  for (const [x, y] of [
    [0, 0],
    [60, 0],
    [columns - 1, 91],
    [5, 40],
    [columns - 1, 20],
  ] as const) {
    const insideX = Math.min(83 + margin, Math.max(margin, x));
    const insideY = Math.min(55 + margin, Math.max(margin, y));
    expect(padded[y * columns + x]).toBe(padded[insideY * columns + insideX] ?? -1);
  }
  kernel.release(mark);
});

test("only the planes stay allocated", () => {
  const mark = kernel.mark();
  loadPlanes(kernel, picture);
  const planeBytes = (84 + 48 + 16) * (56 + 48) + 2 * (42 + 48 + 16) * (28 + 48);
  expect(kernel.mark() - mark).toBeLessThan(planeBytes + 1024);
  kernel.release(mark);
});
