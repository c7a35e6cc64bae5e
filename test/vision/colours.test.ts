import { describe, expect, test } from "bun:test";
import type { RgbPicture } from "../../src/kernel/planes.ts";
import { findPalette, measureLight, nameColourOf } from "../../src/vision/colours.ts";

type Rgb = readonly [number, number, number];

/** Stripes of these colours, as wide as said. */
function stripes(...parts: readonly (readonly [rgb: Rgb, width: number])[]): RgbPicture {
  const row = parts.flatMap(([rgb, width]) => Array.from({ length: width }, () => rgb).flat());
  const height = 40;
  return {
    width: row.length / 3,
    height,
    pixels: Uint8Array.from({ length: row.length * height }, (_, at) => row[at % row.length] ?? 0),
  };
}

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const blue: Rgb = [40, 90, 220];
const red: Rgb = [210, 40, 30];
const green: Rgb = [40, 160, 60];

describe("a palette", () => {
  test("has the colours that there are, the commonest first, with their names", () => {
    const picture = stripes([blue, 30], [white, 20], [red, 10]);
    expect(findPalette(picture)).toEqual([
      { hex: "#285adc", name: "blue" },
      { hex: "#ffffff", name: "white" },
      { hex: "#d2281e", name: "red" },
    ]);
  });

  test("has five colours at most, and always the same", () => {
    const colours = Array.from({ length: 12 }, (_, at): readonly [Rgb, number] => {
      return [[at * 20, 255 - at * 20, (at * 67) % 256], 8];
    });
    const palette = findPalette(stripes(...colours));
    expect(palette).toHaveLength(5);
    expect(findPalette(stripes(...colours))).toEqual(palette);
  });

  test("of one colour has one", () => {
    expect(findPalette(stripes([green, 40])).map(({ name }) => name)).toEqual(["green"]);
  });
});

describe("light", () => {
  test("goes from dark to bright, and from even to contrasting", () => {
    expect(measureLight(stripes([black, 40]))).toMatchObject({ brightness: 0, contrast: 0 });
    expect(measureLight(stripes([white, 40]))).toMatchObject({ brightness: 1, contrast: 0 });
    const both = measureLight(stripes([black, 20], [white, 20]));
    expect(both.brightness).toBeCloseTo(0.5, 2);
    expect(both.contrast).toBeCloseTo(1, 2);
    expect(both.isGrey).toBe(true);
  });

  test("leans to yellow or to blue", () => {
    expect(measureLight(stripes([[220, 170, 110], 40])).colour.b).toBeGreaterThan(0.03);
    expect(measureLight(stripes([blue, 40])).colour.b).toBeLessThan(-0.03);
    expect(measureLight(stripes([blue, 40])).isGrey).toBe(false);
  });
});

describe("the name of a colour", () => {
  const named = (rgb: Rgb) =>
    nameColourOf(stripes([rgb, 9]), {
      width: 9,
      height: 40,
      samples: new Float32Array(360).fill(1),
    });
  const names: readonly (readonly [Rgb, string])[] = [
    [white, "white"],
    [black, "black"],
    [[128, 128, 128], "grey"],
    [red, "red"],
    [green, "green"],
    [blue, "blue"],
    [[20, 20, 60], "dark blue"],
    [[200, 225, 255], "pale blue"],
    [[250, 220, 40], "yellow"],
    [[100, 60, 30], "brown"],
    [[255, 140, 20], "orange"],
  ];
  test.each(names)("%p is %s", (rgb, name) => {
    expect(named(rgb)).toBe(name);
  });
});
