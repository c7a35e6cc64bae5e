import { describe, expect, test } from "bun:test";
import { readChannels } from "../../../src/scene/field/channels.ts";
import { findStraightLines } from "../../../src/scene/lines/straight-lines.ts";

const [width, height] = [160, 100];

function linesIn(levelAt: (x: number, y: number) => number) {
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    pixels.fill(levelAt(index % width, Math.floor(index / width)), index * 3, index * 3 + 3);
  }
  return findStraightLines(readChannels({ pixels, width, height }));
}

/** How much of a pixel lies below an edge: what a lens makes of it. */
const coverage = (distance: number) => 60 + 140 * Math.min(1, Math.max(0, distance + 0.5));

describe("findStraightLines", () => {
  test.each([
    [0, "level"],
    [17, "slanting"],
    [45, "diagonal"],
    [90, "upright"],
    [118, "falling"],
  ])("finds an edge at %d degrees, %s", (degrees) => {
    const [cosine, sine] = [
      Math.cos((degrees * Math.PI) / 180),
      Math.sin((degrees * Math.PI) / 180),
    ];
    const aside = (x: number, y: number) => (y - height / 2) * cosine - (x - width / 2) * sine;
    const [longest] = linesIn((x, y) => coverage(aside(x, y)));
    const { fromX = 0, fromY = 0, toX = 0, toY = 0 } = longest ?? {};
    expect(Math.hypot(toX - fromX, toY - fromY)).toBeGreaterThan(80);
    expect(Math.abs(aside(fromX, fromY))).toBeLessThan(1.5);
    expect(Math.abs(aside(toX, toY))).toBeLessThan(1.5);
  });

  test("an edge of colour alone is one, too", () => {
    const pixels = new Uint8Array(width * height * 3);
    for (let index = 0; index < width * height; index++) {
      // Both have a luma of 0.5.
      pixels.set(index % width < 70 ? [200, 111, 75] : [102, 133, 200], index * 3);
    }
    const [longest] = findStraightLines(readChannels({ pixels, width, height }));
    expect(longest?.fromX).toBeCloseTo(69.5, 0);
    expect(longest?.toX).toBeCloseTo(69.5, 0);
  });

  test("shorter ones count where they are upright, as those of walls and windows", () => {
    const bar = (across: number, down: number) => (x: number, y: number) =>
      coverage(Math.min(across - Math.abs(x - 80.5), down - Math.abs(y - 50.5)));
    const lengths = linesIn(bar(3, 6)).map(({ fromY, toY }) => Math.abs(toY - fromY));
    expect(lengths.filter((length) => length > 7).length).toBeGreaterThanOrEqual(2);
    expect(linesIn(bar(6, 3))).toEqual([]);
  });

  test("the border of the picture itself is none", () => {
    expect(linesIn((x) => coverage(x - 1.5))).toEqual([]);
    expect(linesIn((_, y) => coverage(y - (height - 2.5)))).toEqual([]);
  });

  test("a round edge gives none that is long", () => {
    const lines = linesIn((x, y) => coverage(30 - Math.hypot(x - 80, y - 50)));
    for (const { fromX, fromY, toX, toY } of lines) {
      expect(Math.hypot(toX - fromX, toY - fromY)).toBeLessThan(36);
    }
  });

  test("an even picture has none", () => {
    expect(linesIn(() => 128)).toEqual([]);
  });
});
