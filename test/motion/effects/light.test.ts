import { describe, expect, test } from "bun:test";
import { createLight } from "../../../src/motion/effects/light.ts";
import { motions } from "../../../src/scene/plan.ts";
import { effectSpace, nodeNear } from "../../support/effect-scenes.ts";

describe("the breath of the light", () => {
  test.each([...motions])("is strongest in %s at the brightest spot", (motion) => {
    const space = effectSpace({ motion });
    const [wave] = createLight(space).waves ?? [];
    const gainAt = (x: number, y: number) =>
      nodeNear(space, wave?.field ?? new Float32Array(), x, y)[2] ?? 0;
    const highest = { subtle: 0.04, medium: 0.055, kinetic: 0.07 }[motion];
    expect(gainAt(0.7, 0.2)).toBeGreaterThan(0.98 * highest);
    expect(gainAt(0.7, 0.2)).toBeLessThanOrEqual(highest);
    expect(gainAt(0.48, 0.2)).toBeCloseTo(0.6 * highest, 2);
    expect(gainAt(0.05, 0.2)).toBe(0);
  });

  test("is not on faces, nor on people", () => {
    const rigid = [{ left: 0.65, top: 0.1, width: 0.1, height: 0.2 }];
    const space = effectSpace({ rigid });
    const [wave] = createLight(space).waves ?? [];
    expect(nodeNear(space, wave?.field ?? new Float32Array(), 0.7, 0.2)[2]).toBe(0);
    expect(nodeNear(space, wave?.field ?? new Float32Array(), 0.55, 0.2)[2]).toBeGreaterThan(0);
  });

  test("rises and falls once in a clip", () => {
    const [wave] = createLight(effectSpace()).waves ?? [];
    const weights = Array.from(
      { length: 120 },
      (_, frame) => wave?.weightAt({ turn: frame / 120, share: 1 }) ?? Number.NaN,
    );
    expect(Math.max(...weights)).toBeCloseTo(1, 2);
    expect(Math.min(...weights)).toBeCloseTo(-1, 2);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(0, 9);
  });
});
