import { expect, test } from "bun:test";
import { boxInWindow, cropField, pointInWindow, windowOf } from "../../src/scene/window.ts";

const window = windowOf(
  { left: 100, top: 50, width: 200, height: 100 },
  { width: 400, height: 200 },
);

test("places of a still are found again in a part of it", () => {
  expect(window).toEqual({ left: 0.25, top: 0.25, width: 0.5, height: 0.5 });
  expect(pointInWindow({ x: 0.5, y: 0.25 }, window)).toEqual({ x: 0.5, y: 0 });
  const box = { left: 0, top: 0.5, width: 0.5, height: 0.25 };
  expect(boxInWindow(box, window)).toEqual({ left: -0.5, top: 0.5, width: 1, height: 0.5 });
});

test("a field is cropped to what it shows there, between its samples", () => {
  const samples = Float32Array.from({ length: 40 * 20 }, (_, index) => ((index % 40) + 0.5) / 40);
  const cropped = cropField({ width: 40, height: 20, samples }, window);
  expect([cropped.width, cropped.height]).toEqual([20, 10]);
  expect(cropped.samples[0]).toBeCloseTo(10.5 / 40, 5);
  expect(cropped.samples[19]).toBeCloseTo(29.5 / 40, 5);
});

test("the whole of a field is the field, and the narrowest part has two samples", () => {
  const field = { width: 4, height: 3, samples: Float32Array.from({ length: 12 }, (_, at) => at) };
  expect(cropField(field, { left: 0, top: 0, width: 1, height: 1 })).toEqual(field);
  const slit = cropField(field, { left: 0.5, top: 0, width: 0.01, height: 0.01 });
  expect([slit.width, slit.height]).toEqual([2, 2]);
});
