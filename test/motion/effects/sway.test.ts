import { describe, expect, test } from "bun:test";
import { createSway } from "../../../src/motion/effects/sway.ts";
import { motions } from "../../../src/scene/plan.ts";
import { effectSpace, indoors, nodeNear } from "../../support/effect-scenes.ts";

describe("swaying leaves", () => {
  test("need leaves", () => {
    expect(createSway(effectSpace({ scene: indoors }))).toBeUndefined();
  });

  test.each([...motions])("go in %s to and fro, each place in its own time", (motion) => {
    const space = effectSpace({ motion, width: 1280, height: 720 });
    const waves = createSway(space)?.waves ?? [];
    const track = (x: number, y: number) =>
      Array.from({ length: 120 }, (_, frame) =>
        waves.reduce((sum, { field, weightAt }) => {
          const [shift = 0] = nodeNear(space, field, x, y);
          return sum + shift * weightAt({ turn: frame / 120, share: 1 });
        }, 0),
      );
    const [here, there] = [track(0.2, 0.55), track(0.4, 0.55)];
    const length = { subtle: 0.0012, medium: 0.002, kinetic: 0.0032 }[motion] * 1280;
    expect(Math.max(...here)).toBeGreaterThan(0.5 * length);
    expect(Math.max(...here)).toBeLessThanOrEqual(length);
    expect(here.indexOf(Math.max(...here))).not.toBe(there.indexOf(Math.max(...there)));
    expect(Math.max(...track(0.2, 0.3).map(Math.abs))).toBe(0);
    expect(Math.max(...track(0.8, 0.55).map(Math.abs))).toBe(0);
  });
});
