import { expect, test } from "bun:test";
import { defaultOptions, seedMax } from "../../public/proxy-url.ts";
import { parseOptions, randomSeed } from "../../public/variant-form.ts";

function optionsOf(fields: Readonly<Record<string, string>>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return parseOptions(form);
}

test("every field of the form reaches the options", () => {
  const fields = { motion: "kinetic", mode: "animate-in", dur: "8", aspect: "9:16", seed: "7" };
  expect(optionsOf(fields)).toEqual({
    motion: "kinetic",
    mode: "animate-in",
    durSeconds: 8,
    aspect: "9:16",
    seed: 7,
  });
});

test.each([
  {},
  { motion: "wild", mode: "x", dur: "9", aspect: "2:1", seed: "-1" },
  { dur: "2.5", seed: String(seedMax + 1) },
  { dur: "", seed: "" },
])("what no URL may carry, %j, becomes the default", (fields) => {
  expect(optionsOf(fields)).toEqual(defaultOptions);
});

test("a random seed is one that a URL may carry", () => {
  for (let round = 0; round < 100; round++) {
    const seed = randomSeed();
    expect(Number.isInteger(seed) && seed >= 0 && seed <= seedMax).toBe(true);
  }
});
