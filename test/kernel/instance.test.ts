import { beforeAll, describe, expect, test } from "bun:test";
import { instantiateKernel, type KernelInstance } from "../../src/kernel/instance.ts";
import { downloadPlane, meshOf, uploadNumbers, uploadPlane } from "../support/kernel-memory.ts";
import {
  differenceMax,
  enlarge,
  type GreyPlane,
  rgbToPlanes,
  warp,
} from "../support/kernel-reference.ts";
import { noiseBytes } from "../support/noise.ts";

let kernel: KernelInstance;

beforeAll(async () => {
  kernel = await instantiateKernel();
});

const upload = (plane: GreyPlane, margin: number) => uploadPlane(kernel, plane, margin);
const uploadMesh = (mesh: Int32Array) => uploadNumbers(kernel, mesh);
const download = (address: number, stride: number, width: number, height: number) =>
  downloadPlane(kernel, address, stride, { width, height });

test("released memory is handed out again, so that a second picture needs no more of it", () => {
  const mark = kernel.mark();
  const first = kernel.allocate(1_000_000);
  const bytes = kernel.memory.buffer.byteLength;
  for (let round = 0; round < 100; round++) {
    kernel.release(mark);
    expect(kernel.allocate(1_000_000)).toBe(first);
  }
  expect(kernel.memory.buffer.byteLength).toBe(bytes);
  kernel.release(mark);
});

test("memory beyond its limit is refused with a reason, and the kernel goes on", () => {
  const mark = kernel.mark();
  expect(() => kernel.allocate(300 * 1024 * 1024)).toThrow("256 MiB");
  expect(kernel.mark()).toBe(mark);
});

test("colours become BT.709 limited range within one grey level", () => {
  const [width, height] = [40, 18];
  const rgb = noiseBytes(width * height * 3, 1);
  const corners = [0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];
  rgb.set(corners, 0);
  const source = kernel.allocate(rgb.length);
  new Uint8Array(kernel.memory.buffer).set(rgb, source);
  const y = kernel.allocate(width * height);
  const u = kernel.allocate((width * height) / 4);
  const v = kernel.allocate((width * height) / 4);
  kernel.rgbToYuv420(source, width, height, y, width, u, v, width / 2);

  const expected = rgbToPlanes(rgb, width, height);
  expect(differenceMax(download(y, width, width, height), expected.y)).toBeLessThan(0.6);
  for (const [address, plane] of [[u, expected.u] as const, [v, expected.v] as const]) {
    const actual = download(address, width / 2, width / 2, height / 2);
    expect(differenceMax(actual, plane)).toBeLessThan(0.6);
  }
});

test("grey has no colour, black is 16 and white is 235", () => {
  const rgb = new Uint8Array(16 * 2 * 3).fill(255, 48);
  const source = kernel.allocate(rgb.length);
  new Uint8Array(kernel.memory.buffer).set(rgb, source);
  const y = kernel.allocate(32);
  const uv = kernel.allocate(16);
  kernel.rgbToYuv420(source, 16, 2, y, 16, uv, uv + 8, 8);
  expect([...download(y, 16, 16, 1)]).toEqual(new Array(16).fill(16));
  expect([...download(y + 16, 16, 16, 1)]).toEqual(new Array(16).fill(235));
  expect([...download(uv, 16, 16, 1)]).toEqual(new Array(16).fill(128));
});

describe("enlarging", () => {
  const sizes = [
    [16, 8, 28, 14],
    [40, 24, 70, 42],
    [23, 9, 41, 16],
  ] as const;

  test.each(sizes)("%d×%d to %d×%d is the Catmull-Rom cubic", (fromWidth, fromHeight, w, h) => {
    const margin = 4;
    const plane = {
      samples: noiseBytes(fromWidth * fromHeight, 2),
      width: fromWidth,
      height: fromHeight,
    };
    const from = upload(plane, margin);
    const stride = Math.ceil(w / 16) * 16;
    const wide = kernel.allocate(stride * (fromHeight + 2 * margin));
    const top = from.address - margin * from.stride;
    const rows = fromHeight + 2 * margin;
    const columnTable = kernel.allocate(kernel.columnTableBytes(w));
    kernel.upsampleColumns(top, from.stride, fromWidth, wide, stride, w, rows, columnTable);
    const target = kernel.allocate(stride * h);
    const rowTable = kernel.allocate(kernel.rowTableBytes(h));
    const first = wide + margin * stride;
    kernel.upsampleRows(first, stride, fromHeight, target, stride, w, h, rowTable);

    const actual = download(target, stride, w, h);
    expect(differenceMax(actual, enlarge(plane, w, h).samples)).toBeLessThanOrEqual(2);
  });
});

test("a border repeats the outermost pixels, corners included", () => {
  const plane = { samples: noiseBytes(6 * 5, 3), width: 6, height: 5 };
  const { address, stride } = upload(plane, 3);
  const padded = download(address - 3 * stride - 3, stride, 12, 11);
  for (let y = 0; y < 11; y++) {
    for (let x = 0; x < 12; x++) {
      const inside = Math.min(4, Math.max(0, y - 3)) * 6 + Math.min(5, Math.max(0, x - 3));
      expect(padded[y * 12 + x]).toBe(plane.samples[inside] ?? -1);
    }
  }
});

/** Named by what they make the kernel do. */
const placements = {
  "one row a group": (x: number, y: number) => [2.3 + 1.8 * x, 3.7 + 1.8 * y],
  "a slope upwards and one downwards": (x: number, y: number) => [
    2.1 + 1.7 * x + 0.02 * y,
    14 + 1.5 * y + 9 * Math.sin(x / 20),
  ],
  "a magnification": (x: number, y: number) => [5 + 0.3 * x, 7 + 0.4 * y - 0.05 * x],
  "steps too wide for one load": (x: number, y: number) => [1 + 2.4 * x, 2 + 2.1 * y],
  "a mirror": (x: number, y: number) => [150 - 1.3 * x, 2 + 1.2 * y],
  "a steep shear": (x: number, y: number) => [4 + 1.2 * x, 2 + 0.5 * y + 0.9 * x],
  "a turn by half a circle": (x: number, y: number) => [150 - 1.3 * x, 120 - 1.2 * y],
  "points outside the picture": (x: number, y: number) => [-9 + 2 * x, -12.5 + 1.9 * y],
} as const satisfies Record<string, (x: number, y: number) => readonly [number, number]>;

describe("warping", () => {
  const plane = { samples: noiseBytes(170 * 140, 4), width: 170, height: 140 };
  const sizes = [
    [64, 48],
    [70, 50],
    [18, 34],
  ] as const;

  for (const [name, place] of Object.entries(placements)) {
    test.each(sizes)(`luma at %d×%d with ${name} is the bilinear sample`, (width, height) => {
      const mark = kernel.mark();
      const source = upload(plane, 24);
      const mesh = meshOf(width, height, 16, place);
      const meshAddress = uploadMesh(mesh);
      const target = kernel.allocate(width * height + 16);
      const memory = new Uint8Array(kernel.memory.buffer);
      memory.fill(7, target, target + width * height + 16);
      kernel.warpLuma(source.address, source.stride, target, width, height, meshAddress);

      const actual = download(target, width, width, height);
      const expected = warp(plane, mesh, 16, width, height);
      expect(differenceMax(actual, expected)).toBeLessThanOrEqual(2);
      const after = download(target + width * height, 16, 16, 1);
      expect([...after]).toEqual(new Array(16).fill(7));
      kernel.release(mark);
    });

    test.each(sizes)(`chroma at %d×%d with ${name} is the bilinear sample`, (width, height) => {
      const mark = kernel.mark();
      const other = { ...plane, samples: noiseBytes(170 * 140, 5) };
      const u = upload(plane, 24);
      const v = upload(other, 24);
      const mesh = meshOf(width, height, 8, place);
      const meshAddress = uploadMesh(mesh);
      const target = kernel.allocate(2 * width * height);
      const targetV = target + width * height;
      kernel.warpChroma(
        u.address,
        v.address,
        u.stride,
        target,
        targetV,
        width,
        height,
        meshAddress,
      );
      const frameU = download(target, width, width, height);
      const frameV = download(targetV, width, width, height);
      expect(differenceMax(frameU, warp(plane, mesh, 8, width, height))).toBeLessThanOrEqual(2);
      expect(differenceMax(frameV, warp(other, mesh, 8, width, height))).toBeLessThanOrEqual(2);
      kernel.release(mark);
    });
  }
});
