import { describe, expect, test } from "bun:test";
import { createShimmer } from "../../../src/motion/effects/shimmer.ts";
import { motions } from "../../../src/scene/plan.ts";
import { effectSpace, indoors, nodeNear } from "../../support/effect-scenes.ts";

/** The largest of a part of the nodes of one row, in any frame of a clip. */
function largestIn(space: ReturnType<typeof effectSpace>, part: number, y: number): number {
  const waves = createShimmer(space)?.waves ?? [];
  let largest = 0;
  for (let column = 0; column < space.columns; column++) {
    for (let frame = 0; frame < 60; frame++) {
      const sum = waves.reduce((all, { field, weightAt }) => {
        const value = nodeNear(space, field, column / (space.columns - 1), y)[part] ?? Number.NaN;
        return all + value * weightAt({ turn: frame / 60, share: 1 });
      }, 0);
      largest = Math.max(largest, Math.abs(sum));
    }
  }
  return largest;
}

describe("shimmering water", () => {
  test("needs water", () => {
    expect(createShimmer(effectSpace({ scene: indoors }))).toBeUndefined();
  });

  test.each([...motions])(
    "moves in %s by a few pixels, more near the eye, and glints",
    (motion) => {
      const space = effectSpace({ motion, width: 1280, height: 720 });
      const [far, near] = [largestIn(space, 0, 0.72), largestIn(space, 0, 0.94)];
      expect(near).toBeGreaterThan(1.2);
      expect(near).toBeLessThan(5);
      expect(near).toBeGreaterThan(1.3 * far);
      expect(largestIn(space, 1, 0.94)).toBeLessThan(near);
      expect(largestIn(space, 2, 0.94)).toBeGreaterThan(0.02);
      expect(largestIn(space, 2, 0.94)).toBeLessThan(0.07);
    },
  );

  test("leaves the shore, and what is above it, alone", () => {
    const space = effectSpace();
    for (const part of [0, 1, 2]) {
      expect(largestIn(space, part, 0.5)).toBe(0);
      expect(largestIn(space, part, 0.62)).toBe(0);
      expect(largestIn(space, part, 1)).toBe(0);
    }
  });
});
