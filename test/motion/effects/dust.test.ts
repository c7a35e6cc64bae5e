import { describe, expect, test } from "bun:test";
import { createDust } from "../../../src/motion/effects/dust.ts";
import { effectSpace, whole } from "../../support/effect-scenes.ts";

const discsOf = (changes: Parameters<typeof effectSpace>[0], turn: number, share = 1) =>
  createDust(effectSpace(changes)).discsAt?.({ turn, share }) ?? [];

describe("dust", () => {
  test("is soft, small and faint: at most 1.2 % of the width and 0.32", () => {
    const discs = discsOf({ motion: "kinetic" }, 0.3);
    expect(discs.length).toBeGreaterThan(25);
    for (const { radius, alpha } of discs) {
      expect(radius).toBeGreaterThanOrEqual(0.002 * 640);
      expect(radius).toBeLessThanOrEqual(0.012 * 640);
      expect(alpha).toBeLessThanOrEqual(0.32);
    }
  });

  test("moves on evenly through the end of the clip", () => {
    // A mote that is seen moves by less than two pixels in a frame, across the seam, too.
    const [before, after] = [discsOf({}, 119 / 120), discsOf({}, 0)];
    const seen = before.filter(({ alpha }) => alpha > 0.01);
    expect(seen.length).toBeGreaterThan(5);
    for (const mote of seen) {
      const nearest = Math.min(
        ...after.map(({ x, y, radius }) =>
          radius === mote.radius ? Math.hypot(x - mote.x, y - mote.y) : Number.POSITIVE_INFINITY,
        ),
      );
      expect(nearest).toBeLessThan(2);
    }
  });

  test("is not on people, and not where the clip shows the still", () => {
    expect(discsOf({ rigid: [whole] }, 0.3)).toEqual([]);
    expect(discsOf({}, 0.3, 0)).toEqual([]);
  });

  test("of another seed lies elsewhere", () => {
    expect(discsOf({ seed: 2 }, 0.3)).not.toEqual(discsOf({ seed: 3 }, 0.3));
    expect(discsOf({ seed: 2 }, 0.3)).toEqual(discsOf({ seed: 2 }, 0.3));
  });
});
