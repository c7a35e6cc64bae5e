import { describe, expect, test } from "bun:test";
import { cyclesOf, fillField, runningWave } from "../../../src/motion/effects/effect.ts";
import { effectSpace, nodeNear } from "../../support/effect-scenes.ts";

const space = effectSpace();

test("a field is asked for node by node, in pixels from the top left", () => {
  const field = fillField(space, (_, x, y) => [x, y]);
  expect(nodeNear(space, field, 0, 0)).toEqual([0, 0, 0, 0]);
  expect(nodeNear(space, field, 1, 1)).toEqual([640, 360, 0, 0]);
  expect(nodeNear(space, field, 0.5, 0)).toEqual([320, 0, 0, 0]);
});

describe("a running wave", () => {
  const strength = new Float32Array(space.columns * space.rows).fill(1).fill(0, 0, space.columns);
  const wave = runningWave(
    space,
    strength,
    3,
    (x) => x / 100,
    (_, cosine, sine) => [2 * cosine, sine],
  );
  const valueAt = (part: number, turn: number, x: number) =>
    wave.reduce((sum, { field, weightAt }) => {
      const value = nodeNear(space, field, x, 0.5)[part] ?? Number.NaN;
      return sum + value * weightAt({ turn, share: 1 });
    }, 0);

  test("is its phase at each place, less the angle that it has gone", () => {
    for (const turn of [0, 0.1, 0.37, 0.8]) {
      for (const x of [0, 0.25, 0.5, 1]) {
        const phase = (x * 640) / 100 - 2 * Math.PI * 3 * turn;
        expect(valueAt(0, turn, x)).toBeCloseTo(2 * Math.cos(phase), 5);
        expect(valueAt(1, turn, x)).toBeCloseTo(Math.sin(phase), 5);
      }
    }
  });

  test("is not where its strength is 0", () => {
    for (const { field } of wave) expect(nodeNear(space, field, 0.5, 0)).toEqual([0, 0, 0, 0]);
  });

  test("is seen by its share, and by none of it where the share is 0", () => {
    for (const { weightAt } of wave) {
      expect(weightAt({ turn: 0.1, share: 0.5 })).toBeCloseTo(
        weightAt({ turn: 0.1, share: 1 }) / 2,
        12,
      );
      expect(Math.abs(weightAt({ turn: 0.1, share: 0 }))).toBe(0);
    }
  });
});

test.each([
  [2, 3.6, 1],
  [4, 2, 2],
  [8, 1.4, 6],
])("in %d s what takes about %d s comes round %d times", (seconds, period, cycles) => {
  expect(cyclesOf({ seconds }, period)).toBe(cycles);
});
