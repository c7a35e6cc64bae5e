import { beforeAll, describe, expect, test } from "bun:test";
import type { AmbientFields, AmbientMoment } from "../../src/kernel/ambience.ts";
import { instantiateKernel, type KernelInstance } from "../../src/kernel/instance.ts";
import { type CameraPose, createKernel, type View } from "../../src/kernel/kernel.ts";
import { createRandom } from "../../src/motion/random.ts";
import { downloadPlane, meshOf, uploadNumbers, uploadPlane } from "../support/kernel-memory.ts";
import {
  blend,
  brighten,
  differenceMax,
  overlayDisc,
  spreadOverCells,
  warp,
} from "../support/kernel-reference.ts";
import { livingAt, projectPoint } from "../support/mesh-reference.ts";
import { noiseBytes } from "../support/noise.ts";
import { stillPose } from "../support/still-pose.ts";

let kernel: KernelInstance;

beforeAll(async () => {
  kernel = await instantiateKernel();
});

const sizes = [
  [64, 48],
  [70, 50],
  [18, 34],
] as const;

/** Numbers of a mesh's vertices up to `max`, a third of them 0. */
function vertexNumbers(width: number, height: number, cellSize: number, max: number): Int16Array {
  const random = createRandom(width * 7 + height);
  const count = (Math.ceil(width / cellSize) + 1) * (Math.ceil(height / cellSize) + 1);
  return Int16Array.from({ length: count }, () =>
    random() < 0.35 ? 0 : Math.round(max * (2 * random() - 1)),
  );
}

function uploadFrame(samples: Uint8Array): number {
  const address = uploadNumbers(kernel, samples);
  new Uint8Array(kernel.memory.buffer).fill(
    9,
    address + samples.length,
    address + samples.length + 16,
  );
  return address;
}

/** What lies behind a frame of `bytes` must stay as it was. */
function expectNothingBehind(address: number, bytes: number): void {
  const behind = new Uint8Array(kernel.memory.buffer, address + bytes, 16);
  expect([...behind]).toEqual(new Array(16).fill(9));
}

test("the sum of fields is each node's, by its field's weight, to 32 bits", () => {
  const random = createRandom(3);
  const nodes = 35;
  const fields = Float32Array.from({ length: 3 * nodes * 4 }, () => 20 * random() - 10);
  const weights = Float32Array.of(0.3, -1, 0.7);
  const target = kernel.allocate(nodes * 16);
  const [from, by] = [uploadNumbers(kernel, fields), uploadNumbers(kernel, weights)];
  kernel.sumFields(target, from, by, 3, nodes);
  const actual = new Float32Array(kernel.memory.buffer, target, nodes * 4);
  const expected = Float64Array.from({ length: nodes * 4 }, (_, index) =>
    weights.reduce(
      (sum, weight, field) => sum + weight * (fields[field * nodes * 4 + index] ?? 0),
      0,
    ),
  );
  expect(differenceMax(actual, expected)).toBeLessThan(1e-5);
  kernel.sumFields(target, from, by, 0, nodes);
  expect([...actual]).toEqual(new Array(nodes * 4).fill(0));
});

describe("the second phase of a drift", () => {
  const plane = { samples: noiseBytes(170 * 140, 4), width: 170, height: 140 };
  const other = { ...plane, samples: noiseBytes(170 * 140, 5) };
  const place = (x: number, y: number) => [2.1 + 1.7 * x + 0.02 * y, 5 + 1.6 * y] as const;

  test.each(sizes)("at %d×%d lies over luma by its share, within 2 levels", (width, height) => {
    const mark = kernel.mark();
    const source = uploadPlane(kernel, plane, 24);
    const mesh = meshOf(width, height, 16, place);
    const shares = vertexNumbers(width, height, 16, 32767).map(Math.abs);
    const below = noiseBytes(width * height, 6);
    const frame = uploadFrame(below);
    const blocks = [uploadNumbers(kernel, mesh), uploadNumbers(kernel, shares)] as const;
    kernel.blendLuma(source.address, source.stride, frame, width, height, ...blocks);
    const actual = downloadPlane(kernel, frame, width, { width, height });
    const above = warp(plane, mesh, 16, width, height);
    const expected = blend(below, above, spreadOverCells(shares, 16, width, height));
    expect(differenceMax(actual, expected)).toBeLessThanOrEqual(2.5);
    expectNothingBehind(frame, width * height);
    kernel.release(mark);
  });

  test.each(sizes)("at %d×%d lies over both colours by its share", (width, height) => {
    const mark = kernel.mark();
    const [u, v] = [uploadPlane(kernel, plane, 24), uploadPlane(kernel, other, 24)];
    const mesh = meshOf(width, height, 8, place);
    const shares = vertexNumbers(width, height, 8, 32767).map(Math.abs);
    const below = noiseBytes(width * height, 7);
    const [frameU, frameV] = [uploadFrame(below), uploadFrame(below)];
    const blocks = [uploadNumbers(kernel, mesh), uploadNumbers(kernel, shares)] as const;
    const planes = [u.address, v.address, u.stride, frameU, frameV] as const;
    kernel.blendChroma(...planes, width, height, ...blocks);
    for (const [frame, from] of [[frameU, plane] as const, [frameV, other] as const]) {
      const above = warp(from, mesh, 8, width, height);
      const expected = blend(below, above, spreadOverCells(shares, 8, width, height));
      const actual = downloadPlane(kernel, frame, width, { width, height });
      expect(differenceMax(actual, expected)).toBeLessThanOrEqual(2.5);
      expectNothingBehind(frame, width * height);
    }
    kernel.release(mark);
  });

  test("leaves cells alone whose vertices have no share, to the last bit", () => {
    const source = uploadPlane(kernel, plane, 24);
    const mesh = uploadNumbers(kernel, meshOf(64, 48, 16, place));
    const shares = new Int16Array(20);
    shares[0] = 20_000;
    const below = noiseBytes(64 * 48, 8);
    const frame = uploadFrame(below);
    const at = uploadNumbers(kernel, shares);
    kernel.blendLuma(source.address, source.stride, frame, 64, 48, mesh, at);
    const actual = downloadPlane(kernel, frame, 64, { width: 64, height: 48 });
    const changed = [...actual.keys()].filter((index) => actual[index] !== below[index]);
    expect(changed.length).toBeGreaterThan(50);
    expect(changed.every((index) => index % 64 < 16 && index < 16 * 64)).toBe(true);
  });
});

test.each(sizes)("gains at %d×%d brighten and darken within a level", (width, height) => {
  const gains = vertexNumbers(width, height, 16, 3000);
  const luma = noiseBytes(width * height, 9);
  const frame = uploadFrame(luma);
  kernel.gainLuma(frame, width, height, uploadNumbers(kernel, gains));
  const actual = downloadPlane(kernel, frame, width, { width, height });
  const expected = brighten(luma, spreadOverCells(gains, 16, width, height));
  expect(differenceMax(actual, expected)).toBeLessThanOrEqual(0.75);
  expectNothingBehind(frame, width * height);
});

test("a gain of 0 changes nothing, and gains leave black as it is", () => {
  const luma = noiseBytes(64 * 48, 10);
  const frame = uploadFrame(luma);
  kernel.gainLuma(frame, 64, 48, uploadNumbers(kernel, new Int16Array(20)));
  expect(downloadPlane(kernel, frame, 64, { width: 64, height: 48 })).toEqual(luma);
  const black = uploadFrame(new Uint8Array(64 * 48).fill(16));
  kernel.gainLuma(black, 64, 48, uploadNumbers(kernel, new Int16Array(20).fill(3000)));
  expect(new Set(downloadPlane(kernel, black, 64, { width: 64, height: 48 }))).toEqual(
    new Set([16]),
  );
});

test.each([
  ["within the frame", { x: 30.3, y: 20.8, radius: 7.4, alpha: 0.3 }],
  ["smaller than a pixel", { x: 10.6, y: 11.2, radius: 0.4, alpha: 1 }],
  ["over two edges", { x: -2.5, y: 47.1, radius: 12, alpha: 0.8 }],
  ["beyond the frame", { x: 90, y: -30, radius: 12, alpha: 0.8 }],
] as const)("a disc %s lies over luma, within a level", (_, disc) => {
  const luma = noiseBytes(64 * 48, 11);
  const frame = uploadFrame(luma);
  kernel.drawDisc(frame, 64, 48, disc.x, disc.y, disc.radius, disc.alpha);
  const actual = downloadPlane(kernel, frame, 64, { width: 64, height: 48 });
  expect(differenceMax(actual, overlayDisc(luma, 64, disc))).toBeLessThanOrEqual(0.51);
  expectNothingBehind(frame, 64 * 48);
});

const [columns, rows] = [7, 5];
const random = createRandom(5);
const someField = (scales: readonly number[]) =>
  Float32Array.from({ length: columns * rows * 4 }, (_, index) => {
    return (scales[index % 4] ?? 0) * (2 * random() - 1);
  });
const fields: AmbientFields = {
  columns,
  rows,
  waves: [someField([3, 2, 0.1]), someField([2, 3, 0.05])],
};
const drifting: AmbientFields = { ...fields, drift: someField([8, 1]) };
const moment: AmbientMoment = { weights: [0.7, -0.4], turn: 0.3, discs: [] };
const depth = { width: 2, height: 2, samples: Float32Array.of(0.2, 0.4, 0.7, 0.9) };
const pose: CameraPose = {
  ...{ zoom: 1.1, roll: 0.01, panX: 1, panY: -1 },
  ...{ parallaxX: 3, parallaxY: -2, dolly: 0.03 },
};
const picture = { pixels: noiseBytes(96 * 64 * 3, 7), width: 96, height: 64 };

describe("a mesh with effects", () => {
  test.each([
    ["waves", fields],
    ["waves and a drift", drifting],
  ] as const)("of %s moves each vertex by what lies at its place", async (_, ambience) => {
    const view: View = { width: 90, height: 54, depth, pivot: 0.4, ambience };
    const drawn = (await createKernel()).load(picture, view);
    const mesh = drawn.mesh(pose, moment);
    for (let index = 0; index < 7 * 5; index++) {
      const [x, y] = [(index % 7) * 16, Math.floor(index / 7) * 16];
      const [expectedX, expectedY] = projectPoint(view, drawn.source, pose, x, y, moment);
      expect(Math.abs((mesh[2 * index] ?? 0) / 65536 - expectedX)).toBeLessThan(1e-3);
      expect(Math.abs((mesh[2 * index + 1] ?? 0) / 65536 - expectedY)).toBeLessThan(1e-3);
    }
  });

  test("is the mesh without effects where all of their weights are 0", async () => {
    const view: View = { width: 90, height: 54, depth, pivot: 0.4, ambience: fields };
    const drawn = (await createKernel()).load(picture, view);
    const still = drawn.mesh(pose).slice();
    expect(drawn.mesh(pose, { weights: [0, 0], turn: 0, discs: [] })).toEqual(still);
  });
});

describe("a frame with effects", () => {
  /** A picture of one grey level, on which nothing but gains and discs can be seen. */
  const grey = { ...picture, pixels: new Uint8Array(96 * 64 * 3).fill(128) };

  test("is brightened by the gain at each place", async () => {
    const view: View = { width: 90, height: 54, depth, pivot: 0.4, ambience: drifting };
    const drawn = (await createKernel()).load(grey, view);
    const still = drawn.draw({ ...pose, roll: 0 }).slice();
    const frame = drawn.draw({ ...pose, roll: 0 }, moment);
    const [level] = still;
    const at = [4, 2] as const;
    const place = projectPoint(view, drawn.source, { ...pose, roll: 0 }, at[0] * 16, at[1] * 16);
    const x = ((place[0] + 0.5) / drawn.source.width - 0.5) * 90;
    const y = ((place[1] + 0.5) / drawn.source.height - 0.5) * 54;
    const { gain } = livingAt(view, moment, x, y);
    const expected = (level ?? 0) + ((level ?? 0) - 16) * gain;
    expect(Math.abs((frame[at[1] * 16 * 90 + at[0] * 16] ?? 0) - expected)).toBeLessThan(1);
    expect(Math.abs(gain)).toBeGreaterThan(0.005);
  });

  test("shows both phases of a drift, each by its share", async () => {
    // Grey rises by 2 a pixel to the right; all drifts 8 pixels and is 1/5 past the first phase.
    const pixels = new Uint8Array(96 * 64 * 3);
    for (let index = 0; index < pixels.length; index++)
      pixels[index] = 20 + 2 * (((index / 3) % 96) | 0);
    const drift = new Float32Array(columns * rows * 4).map((_, index) => (index % 4 === 0 ? 8 : 0));
    const view: View = {
      width: 96,
      height: 64,
      depth,
      pivot: 0.4,
      ambience: { columns, rows, waves: [], drift },
    };
    const drawn = (await createKernel()).load({ pixels, width: 96, height: 64 }, view);
    const plain = drawn.draw(stillPose).slice();
    const frame = drawn.draw(stillPose, { weights: [], turn: 0.2, discs: [] });
    const share = 0.6 ** 2 * (3 - 2 * 0.6);
    const shift = 8 * (0.2 - 0.5) * (1 - share) + 8 * 0.2 * share;
    const at = 30 * 96 + 50;
    expect(Math.abs((frame[at] ?? 0) - (plain[at] ?? 0) - shift * 2 * (219 / 255))).toBeLessThan(
      1.1,
    );
    expect(drawn.draw(stillPose, { weights: [], turn: 0.5, discs: [] })).toEqual(plain);
  });

  test("of nothing but discs is the still with discs on it", async () => {
    const view: View = { width: 90, height: 54, depth, pivot: 0.4 };
    const drawn = (await createKernel()).load(grey, view);
    const disc = { x: 40, y: 20, radius: 9, alpha: 0.5 };
    const still = drawn.draw(pose).slice(0, 90 * 54);
    const frame = drawn.draw(pose, { weights: [], turn: 0, discs: [disc] }).subarray(0, 90 * 54);
    expect(differenceMax(frame, overlayDisc(still, 90, disc))).toBeLessThanOrEqual(0.51);
  });
});

test("memory that grows for the fields of effects leaves the camera in place", async () => {
  const large = { ...fields, columns: 700, rows: 500 };
  const waves = [new Float32Array(700 * 500 * 4)];
  const fresh = await createKernel();
  const view: View = { width: 90, height: 54, depth, pivot: 0.4 };
  const bytes = fresh.memoryBytes();
  const warped = fresh.load(picture, { ...view, ambience: { ...large, waves } });
  expect(fresh.memoryBytes()).toBeGreaterThan(bytes);
  expect(warped.overflow(pose)).toBe((await createKernel()).load(picture, view).overflow(pose));
});
