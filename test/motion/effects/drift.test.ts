import { describe, expect, test } from "bun:test";
import { createDrift } from "../../../src/motion/effects/drift.ts";
import { motions } from "../../../src/scene/plan.ts";
import { effectSpace, indoors, nodeNear } from "../../support/effect-scenes.ts";

describe("a drifting sky", () => {
  test("needs a sky that is wider than its own edges", () => {
    expect(createDrift(effectSpace({ scene: indoors }))).toBeUndefined();
  });

  test.each([...motions])("goes as far in %s as the motion says, and farther aloft", (motion) => {
    const space = effectSpace({ motion, width: 1280, height: 720 });
    const field = createDrift(space)?.drift?.field ?? new Float32Array();
    const reach = Math.abs(nodeNear(space, field, 0.5, 0)[0] ?? 0);
    expect(reach).toBeCloseTo({ subtle: 0.025, medium: 0.04, kinetic: 0.055 }[motion] * 1280, 3);
    const low = Math.abs(nodeNear(space, field, 0.5, 0.3)[0] ?? 0);
    expect(low).toBeGreaterThan(0.2 * reach);
    expect(low).toBeLessThan(0.9 * reach);
  });

  test("stands still at the sky's edge, below it, and at the picture's sides", () => {
    const space = effectSpace();
    const field = createDrift(space)?.drift?.field ?? new Float32Array();
    for (const [x, y] of [
      [0.5, 0.46],
      [0.5, 0.7],
      [0, 0.1],
      [1, 0.1],
    ] as const) {
      expect(nodeNear(space, field, x, y)[0]).toBeCloseTo(0, 6);
    }
  });

  test("never squeezes the sky by more than a half", () => {
    for (const motion of motions) {
      const space = effectSpace({ motion });
      const field = createDrift(space)?.drift?.field ?? new Float32Array();
      for (let index = 4; index < field.length; index += 4) {
        if ((index / 4) % space.columns === 0) continue;
        const shift = (at: number) => {
          const [reach = 0, phase = 0] = field.subarray(at, at + 2);
          return reach * (phase - Math.floor(phase) - 0.5);
        };
        const phaseStep = Math.floor(field[index + 1] ?? 0) - Math.floor(field[index - 3] ?? 0);
        if (phaseStep === 0)
          expect(Math.abs(shift(index) - shift(index - 4)) / 16).toBeLessThan(0.5);
      }
    }
  });

  test("starts and ends without speed, at the picture itself, when the pointer is over it", () => {
    const drift = createDrift(effectSpace({ mode: "animate-on-hover" }))?.drift;
    const turnAt = (turn: number) => drift?.turnAt({ turn, share: 1 }) ?? Number.NaN;
    expect(turnAt(0)).toBe(0.5);
    expect(turnAt(0.01) - turnAt(0)).toBeLessThan(1e-4);
    expect(turnAt(0.5) - turnAt(0.49)).toBeGreaterThan(0.01);
    expect(turnAt(1)).toBeCloseTo(1.5, 12);
    expect(new Set(drift?.field.filter((_, index) => index % 4 === 1))).toEqual(new Set([0]));
  });

  test("comes to rest at the picture itself when it animates in", () => {
    const layer = createDrift(effectSpace({ mode: "animate-in" }));
    expect(layer?.drift).toBeUndefined();
    const weightAt = (turn: number, share: number) => layer?.waves?.[0]?.weightAt({ turn, share });
    expect(weightAt(0, 1)).toBe(-0.6);
    expect(weightAt(119 / 120, 0)).toBe(0);
  });
});
