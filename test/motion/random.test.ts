import { expect, test } from "bun:test";
import { createRandom } from "../../src/motion/random.ts";

test("the numbers of a seed are mulberry32's", () => {
  const random = createRandom(1);
  const published = [2693262067, 11749833, 2265367787];
  expect(published.map(() => random() * 2 ** 32)).toEqual(published);
});

test("they lie from 0 up to 1, spread evenly, and differ with the seed", () => {
  const random = createRandom(20);
  const tenths = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw++) {
    const tenth = Math.floor(random() * 10);
    tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(createRandom(2 ** 31 - 1)()).not.toBe(createRandom(0)());
});
