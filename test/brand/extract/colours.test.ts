import { expect, test } from "bun:test";
import { chromaOf, luminanceOf, toHex } from "../../../src/brand/extract/colours.ts";

test.each([
  ["#ABC", "#aabbcc"],
  ["#aabbccff", "#aabbcc"],
  ["#abcf", "#aabbcc"],
  ["#aabbcc10", undefined],
  ["#ab", undefined],
  ["#xyzxyz", undefined],
  ["rgb(255, 128, 0)", "#ff8000"],
  ["rgb(255 128 0 / 80%)", "#ff8000"],
  ["rgba(255,128,0,.1)", undefined],
  ["rgb(100% 0% 50%)", "#ff0080"],
  ["rgb(300, -5, 0)", "#ff0000"],
  ["hsl(0, 100%, 50%)", "#ff0000"],
  ["hsl(120deg 100% 25%)", "#008000"],
  ["hsl(-120 100% 50%)", "#0000ff"],
  ["hsl(0.5turn 100% 50%)", "#00ffff"],
  ["222.2 47.4% 11.2%", "#0f172a"],
  // From CSS Color 4's own examples, and one of Tailwind's.
  ["oklch(62.79554% 0.25768 29.23388)", "#ff0000"],
  ["oklch(0.51975 0.17686 142.495)", "#008000"],
  ["oklab(100% 0 0)", "#ffffff"],
  ["oklch(0.546 0.245 262.881)", "#155dfc"],
  ["White", "#ffffff"],
  ["rebeccapurple", "#663399"],
  ["transparent", undefined],
  ["currentColor", undefined],
  ["inherit", undefined],
  ["rgb(a b c)", undefined],
  ["linear-gradient(red, blue)", undefined],
  ["", undefined],
])("%j is %p", (text, expected) => {
  expect(toHex(text)).toBe(expected as string);
});

test("black and white are as far apart as can be, and have no colour", () => {
  expect([luminanceOf("#000000"), luminanceOf("#ffffff")]).toEqual([0, 1]);
  expect([chromaOf("#777777"), chromaOf("#ff0000")]).toEqual([0, 1]);
});
