import { expect, test } from "bun:test";
import { guidedFilter } from "../../../src/scene/field/guided-filter.ts";
import { noiseBytes } from "../../support/noise.ts";

const [width, height] = [48, 32];
const fieldOf = (at: (x: number, y: number) => number) => ({
  width,
  height,
  samples: Float32Array.from({ length: width * height }, (_, index) =>
    at(index % width, Math.floor(index / width)),
  ),
});
const options = { radius: 4, evenness: 0.002 };

test("noise is smoothed where the guide is even", () => {
  const noise = noiseBytes(width * height, 9);
  const noisy = fieldOf((x, y) => 0.5 + ((noise[y * width + x] ?? 0) / 255 - 0.5) * 0.4);
  const filtered = guidedFilter(
    fieldOf(() => 0.5),
    noisy,
    options,
  );
  const spread = (samples: Float32Array) => Math.max(...samples) - Math.min(...samples);
  expect(spread(filtered.samples)).toBeLessThan(spread(noisy.samples) / 4);
});

test("an edge that lies beside the guide's is drawn to it", () => {
  const guide = fieldOf((x) => (x < 24 ? 0.2 : 0.8));
  const filtered = guidedFilter(
    guide,
    fieldOf((x) => (x < 22 ? 0 : 1)),
    options,
  );
  const at = (x: number) => filtered.samples[16 * width + x] ?? 0;
  expect(at(24) - at(23)).toBeGreaterThan(0.4);
  expect(Math.abs(at(23) - at(22))).toBeLessThan(0.1);
});
