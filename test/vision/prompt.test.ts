import { describe, expect, test } from "bun:test";
import { modes, motions } from "../../src/scene/plan.ts";
import { promptOf } from "../../src/vision/prompt.ts";

const request = {
  caption: "a person with open sky, warm light",
  plan: { focal: { x: 0.5, y: 0.5 }, camera: "parallax", effects: ["drift", "light"] },
  motion: "medium",
  mode: "loop",
  brand: undefined,
} as const;

describe("a motion prompt", () => {
  test("says what is seen, how it moves and how it ends", () => {
    expect(promptOf(request)).toBe(
      "A person with open sky, warm light. Bring it to life with a clear but calm camera move " +
        "around the subject while clouds drift, the light breathes, ending exactly as it began.",
    );
  });

  test("differs by motion, mode and camera", () => {
    const prompts = [
      ...motions.map((motion) => promptOf({ ...request, motion })),
      ...modes.slice(1).map((mode) => promptOf({ ...request, mode })),
      promptOf({ ...request, plan: { ...request.plan, camera: "flat" } }),
    ];
    expect(new Set(prompts).size).toBe(prompts.length);
  });

  test("ends with the brand, which is cut where there is too much of it", () => {
    const brand = "Acme, warm and calm";
    expect(promptOf({ ...request, brand })).toEndWith(" In keeping with: Acme, warm and calm");
    const long = promptOf({ ...request, brand: "x".repeat(2000) });
    expect(long.length).toBe(500);
    expect(long).toContain("ending exactly as it began");
  });
});
