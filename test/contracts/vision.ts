import { describe, expect, test } from "bun:test";
import type { VisionProvider, VisionRequest } from "../../src/providers/vision.ts";
import { effects } from "../../src/scene/plan.ts";
import { nsfwClasses } from "../../src/scene/sight.ts";
import { samplePath } from "../support/render-fixtures.ts";

const request: VisionRequest = {
  sourcePath: samplePath("coffee"),
  motion: "medium",
  mode: "loop",
  prompt: undefined,
  brand: undefined,
};

/** What every vision provider promises, whoever looks. */
export function visionContract(name: string, open: () => VisionProvider): void {
  describe(`${name} vision`, () => {
    const { signal } = new AbortController();
    const look = (changes: Partial<VisionRequest> = {}) =>
      open().describe({ ...request, ...changes }, signal);

    test("gives a prompt of 500 characters at most, however much the brand says", async () => {
      for (const brand of [undefined, "Acme, warm and calm", "x".repeat(2000)]) {
        const { prompt } = await look({ brand });
        expect(prompt.length).toBeGreaterThan(0);
        expect(prompt.length).toBeLessThanOrEqual(500);
      }
    });

    test("leaves the caller's own prompt as it is", async () => {
      expect((await look({ prompt: "slow pan left" })).prompt).toBe("slow pan left");
    });

    test("plans with places and effects that there are", async () => {
      const { plan } = await look();
      expect(["flat", "parallax"]).toContain(plan.camera);
      for (const share of [plan.focal.x, plan.focal.y, plan.parallax ?? 0]) expectShare(share);
      for (const effect of plan.effects ?? []) expect(effects).toContain(effect);
      for (const box of plan.rigid ?? []) for (const side of Object.values(box)) expectShare(side);
    });

    test("says what it saw in numbers from 0 to 1, and in words", async () => {
      const { sight } = await look();
      const { nsfw, horizon, skyFraction, brightness, contrast, depthConfidence } = sight;
      for (const share of [horizon.y, horizon.confidence, skyFraction, brightness, contrast]) {
        expectShare(share);
      }
      expectShare(depthConfidence);
      if (nsfw) {
        expect(Object.keys(nsfw.scores)).toEqual([...nsfwClasses]);
        expect(["pass", "review"]).toContain(nsfw.decision);
      }
      for (const { score, box } of sight.subjects) {
        for (const share of [score, ...Object.values(box)]) expectShare(share);
      }
      expect(sight.palette.length).toBeWithin(1, 6);
      for (const colour of sight.palette) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
      expect(sight.caption).not.toBe("");
      expect(new Set(sight.labels).size).toBe(sight.labels.length);
    });

    test("can be kept as JSON, and comes out the same", async () => {
      const result = await look();
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(await look()).toEqual(result);
    });
  });
}

function expectShare(value: number): void {
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThanOrEqual(1);
}
