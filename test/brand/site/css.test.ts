import { describe, expect, test } from "bun:test";
import { customPropertiesOf, parseCss, resolveValue } from "../../../src/brand/site/css.ts";

const read = (css: string) =>
  parseCss(css).map(({ selector, property, value }) => `${selector}|${property}|${value}`);

test.each<[string, readonly string[]]>([
  ["a{b:c}", ["a|b|c"]],
  ["a { Color : Red !important ; }", ["a|color|Red"]],
  ["a{--Ab:x}", ["a|--Ab|x"]],
  ["a{b:c;d:e}f{g:h", ["a|b|c", "a|d|e", "f|g|h"]],
  ["@media (min-width:1px){a{b:c}}", ["a|b|c"]],
  ["a{&:hover{b:c}d:e}", ["&:hover|b|c", "a|d|e"]],
  ['a{content:"}{;";b:c}', ['a|content|"}{;"', "a|b|c"]],
  ["a{b:url(data:x;base64,AA==);c:d}", ["a|b|url(data:x;base64,AA==)", "a|c|d"]],
  ["/* a{b:c} */d{e:f}", ["d|e|f"]],
  ["a{b:c}/* never ended d{e:f}", ["a|b|c"]],
  ["@import 'x.css';a{b:c}", ["a|b|c"]],
  ["}}a{b:c}", ["a|b|c"]],
  ["a{b}c{:d}", []],
  ["", []],
])("%j", (css, expected) => {
  expect(read(css)).toEqual([...expected]);
});

test("dark variants are told from the rest", () => {
  const css = parseCss(
    ":root{--bg:#fff}@media (prefers-color-scheme: dark){:root{--bg:#000}}.dark{--bg:#111}" +
      '[data-theme="dark"] a{--bg:#222}.darkroom{--fg:#333}',
  );
  expect(css.map(({ isDarkVariant }) => isDarkVariant)).toEqual([false, true, true, true, false]);
  expect([...customPropertiesOf(css)]).toEqual([
    ["--bg", "#fff"],
    ["--fg", "#333"],
  ]);
});

describe("a reference", () => {
  const properties = new Map([
    ["--a", "red"],
    ["--b", "var(--a)"],
    ["--loop", "var(--loop)"],
    ["--bomb", "var(--c) ".repeat(50)],
    ["--c", "x".repeat(100)],
  ]);
  test.each([
    ["blue", "blue"],
    ["var(--a)", "red"],
    ["var( --b )", "red"],
    ["1px solid var(--a, blue)", "1px solid red"],
    ["var(--none, blue)", "blue"],
    ["var(--none)", undefined],
    ["var(--loop)", undefined],
    ["var(--bomb)", undefined],
  ])("%j", (value, expected) => {
    expect(resolveValue(value, properties)).toBe(expected as string);
  });
});

test.each([
  ["braces", "{".repeat(500_000)],
  ["ends", "}".repeat(500_000)],
  ["comments", "/*".repeat(250_000)],
  ["quotes", `a{b:"${"'".repeat(500_000)}`],
  ["parentheses", `a{b:${"(".repeat(500_000)}`],
  ["declarations", `a{${"b:c;".repeat(125_000)}}`],
])("half a megabyte of %s is read in its stride", (_name, css) => {
  const startedMs = performance.now();
  parseCss(css);
  expect(performance.now() - startedMs).toBeLessThan(1500);
});
