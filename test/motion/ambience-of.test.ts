import { expect, test } from "bun:test";
import { ambienceOf } from "../../src/motion/ambience-of.ts";
import { analyseScene } from "../../src/scene/analyse.ts";
import type { Plan } from "../../src/scene/plan.ts";
import { whole } from "../support/effect-scenes.ts";
import { noiseBytes } from "../support/noise.ts";

const scene = analyseScene({ pixels: noiseBytes(60 * 40 * 3, 1), width: 60, height: 40 });
const plan: Plan = { focal: { x: 0.5, y: 0.5 }, camera: "flat" };

test("a plan that says nothing of effects wants none, and knows of nobody to spare", () => {
  expect(ambienceOf({ plan, fps: 30 }, whole, scene)).toEqual({
    ...{ scene, window: whole, fps: 30, effects: [], rigid: [], people: undefined },
  });
});

test("a plan's effects, faces and people are taken over", () => {
  const people = { width: 2, height: 1, bytes: Buffer.from([0, 255]).toString("base64") };
  const rigid = [{ left: 0.1, top: 0.1, width: 0.2, height: 0.2 }];
  const full: Plan = { ...plan, effects: ["dust", "light"], rigid, people };
  const ambience = ambienceOf({ plan: full, fps: 25 }, whole, scene);
  expect(ambience.effects).toEqual(["dust", "light"]);
  expect(ambience.rigid).toEqual(rigid);
  expect([...(ambience.people?.samples ?? [])]).toEqual([0, 1]);
});
