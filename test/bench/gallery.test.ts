import { describe, expect, test } from "bun:test";
import { parseGalleryOptions } from "../../bench/gallery/cases.ts";
import { galleryPage } from "../../bench/gallery/page.ts";
import type { CaseRecord } from "../../bench/gallery/render-case.ts";
import { measureFlicker } from "../../bench/gallery/sharpness.ts";
import { noiseBytes } from "../support/noise.ts";
import { pictureFixtures } from "../support/pictures/picture-fixtures.ts";

describe("the gallery", () => {
  test("goes through every picture in every motion and mode, unless it is narrowed", () => {
    expect(parseGalleryOptions([]).cases).toHaveLength(9 * pictureFixtures.length);
    const some = parseGalleryOptions(["--only", "lake,text", "--mode", "loop", "--seconds", "2"]);
    expect(some.cases.map(({ fixture, motion }) => `${fixture.name} ${motion}`)).toEqual([
      "lake subtle",
      "lake medium",
      "lake kinetic",
      "text subtle",
      "text medium",
      "text kinetic",
    ]);
    expect(() => parseGalleryOptions(["--only", "sea"])).toThrow("there is no picture sea");
    expect(() => parseGalleryOptions(["--mode", "spin"])).toThrow('--mode: got "spin", expected');
    expect(() => parseGalleryOptions(["--long-side", "9000"])).toThrow("expected a whole number");
  });

  const seam = { sr: 1.9, ar: 1.1, delta: 0.001, lumaStep: 0.1 };
  const record: CaseRecord = {
    key: "k",
    fixture: "lake",
    motion: "medium",
    mode: "loop",
    made: {
      ...{ width: 640, height: 400, bytes: 100_000, sightMs: 90, renderMs: 900, kind: "photo" },
      ...{
        caption: "water & <sky>",
        plan: { focal: { x: 0.5, y: 0.5 }, camera: "flat", maps: [] },
      },
      ...{ rawSeam: seam, seam, jacobianMin: 0.2, parallaxMax: 9, zoom: [1, 1.1], flicker: 0.001 },
    },
  };
  const row = { name: "lake", covers: "water", kind: "photo", records: [record] };

  test("marks what misses its bound, and asks nobody for anything", () => {
    const page = galleryPage([row], "about <it>");
    expect(page).toContain('<video src="lake/loop-medium.mp4"');
    expect(page).toContain('<b class="bad">raw SR 1.90');
    expect(page).not.toContain('<b class="bad">file SR 1.90');
    expect(page).toContain('<b class="bad">min Jacobian 0.20');
    expect(page).toContain("water &amp; &lt;sky>");
    expect(page).not.toMatch(/https?:|\/\/[a-z]/);
  });

  test("says why there is no clip, and what was taken for the wrong thing", () => {
    const { made: _, ...failed } = record;
    const page = galleryPage([{ ...row, records: [{ ...failed, error: "no <clip>" }] }], "");
    expect(page).toContain('<b class="bad">no &lt;clip></b>');
    expect(galleryPage([{ ...row, kind: "graphic" }], "")).toContain('<p class="bad">taken for');
  });
});

test("sharpness that pumps is told from sharpness that stays", () => {
  const size = { width: 48, height: 32 };
  const sharp = noiseBytes(size.width * size.height, 3);
  const soft = sharp.map((level) => 128 + (level - 128) * 0.9);
  const even = Array.from({ length: 24 }, () => sharp);
  expect(measureFlicker(even, size)).toBeLessThan(1e-9);
  const pumping = even.map((frame, at) => (at % 2 === 0 ? frame : soft));
  expect(measureFlicker(pumping, size)).toBeGreaterThan(0.04);
});
