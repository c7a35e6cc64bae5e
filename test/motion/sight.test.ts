import { describe, expect, test } from "bun:test";
import { lookAtStill } from "../../src/motion/sight.ts";
import { pictureFixture } from "../support/pictures/picture-fixtures.ts";
import { samplePath } from "../support/render-fixtures.ts";

const whole = { left: 0, top: 0, width: 1, height: 1 };
const focal = { x: 0.5, y: 0.5 };
const request = {
  sourcePath: samplePath("portrait"),
  motion: "medium",
  mode: "loop",
  plan: { focal, camera: "parallax" },
} as const;

describe("lookAtStill", () => {
  test("only tells a page where nothing parts and nothing moves by itself", async () => {
    const plan = { focal, camera: "flat" } as const;
    expect(await lookAtStill({ ...request, plan }, whole)).toEqual({ isPage: false });
    const sourcePath = await pictureFixture("text").path();
    expect(await lookAtStill({ ...request, sourcePath, plan }, whole)).toEqual({ isPage: true });
    const alive = { ...plan, effects: ["light"] } as const;
    const sight = await lookAtStill({ ...request, plan: alive }, whole);
    expect(sight.scene?.kind).toBe("photo");
    expect(sight.isPage).toBe(false);
    expect(sight.relief).toBeUndefined();
  });

  test("tells what it saw of the part that is shown", async () => {
    const face = { left: 0.36, top: 0.1, width: 0.17, height: 0.22 };
    const plan = { ...request.plan, rigid: [face] };
    const half = { left: 0.25, top: 0, width: 0.5, height: 0.5 };
    const sight = await lookAtStill({ ...request, plan }, half);
    const { depth, boxes = [] } = sight.relief ?? {};
    expect([depth?.width, depth?.height]).toEqual([120, 120]);
    expect(boxes[0]?.left).toBeCloseTo(0.22, 9);
    expect(boxes[0]?.width).toBeCloseTo(0.34, 9);
  });

  test("sees no relief in a drawing", async () => {
    const sourcePath = await pictureFixture("chart").path();
    const sight = await lookAtStill({ ...request, sourcePath }, whole);
    expect(sight.scene?.kind).toBe("graphic");
    expect(sight.isPage).toBe(true);
    expect(sight.relief).toBeUndefined();
  });

  test("what is no picture is source_unsupported", async () => {
    const looking = lookAtStill({ ...request, sourcePath: import.meta.path }, whole);
    expect(looking).rejects.toMatchObject({ code: "source_unsupported" });
    await looking.catch(() => undefined);
  });
});
