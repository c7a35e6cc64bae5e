import { describe, expect, test } from "bun:test";
import { motions } from "../../src/scene/plan.ts";
import type { Scene } from "../../src/scene/scene.ts";
import { planCamera } from "../../src/vision/plan-camera.ts";
import { evidenceOf, middleFace, region, vagueScene } from "../support/evidence.ts";

const map = { width: 1, height: 1, bytes: "/w==" };
const sure = (confidence: number) => ({ ...vagueScene.saliency, confidence });

describe("a camera", () => {
  const cases: readonly (readonly [string, Partial<Scene>, "flat" | "parallax"])[] = [
    ["a still of which nothing is sure", {}, "flat"],
    ["a horizon", { horizon: { y: 0.5, confidence: 0.4 } }, "parallax"],
    ["a doubtful horizon", { horizon: { y: 0.5, confidence: 0.39 } }, "flat"],
    ["a subject on a plain ground", { backdrop: region(0.4), saliency: sure(0.2) }, "parallax"],
    ["a plain ground with nothing on it", { backdrop: region(0.9) }, "flat"],
    ["what stands out clearly", { saliency: sure(0.5) }, "parallax"],
    ["sharp before blurred", { focus: { ...vagueScene.focus, confidence: 0.6 } }, "parallax"],
    ["a graphic, whatever else", { kind: "graphic", horizon: { y: 0.5, confidence: 1 } }, "flat"],
  ];
  test.each(cases)("for %s", (_, scene, camera) => {
    expect(planCamera(evidenceOf(scene), "medium").camera).toBe(camera);
  });

  test("keeps faces rigid, moves less before them, and knows where the people are", () => {
    const evidence = evidenceOf({}, { faces: [middleFace], people: { map, box: undefined } });
    expect(planCamera(evidence, "kinetic")).toMatchObject({
      camera: "parallax",
      parallax: 0.8,
      rigid: [middleFace.box],
      people: map,
    });
  });

  test("uses the depth of a model where there is one", () => {
    const plan = planCamera(evidenceOf({}, { depth: map }), "medium");
    expect(plan).toMatchObject({ camera: "parallax", depth: map });
  });
});

describe("effects", () => {
  const outdoors = { sky: region(0.3), water: region(0.2), foliage: region(0.2) };

  test("grow with the motion", () => {
    const found = motions.map((motion) => planCamera(evidenceOf(outdoors), motion).effects);
    expect(found).toEqual([
      ["drift", "shimmer"],
      ["drift", "light", "shimmer", "sway"],
      ["drift", "light", "dust", "shimmer", "sway"],
    ]);
  });

  test("come only of what there is enough of", () => {
    const little = { sky: region(0.11), water: region(0.05), foliage: region(0.05) };
    expect(planCamera(evidenceOf(little), "kinetic").effects).toEqual(["light", "dust"]);
    expect(planCamera(evidenceOf(little), "subtle")).not.toHaveProperty("effects");
  });

  test("never touch faces", () => {
    const onFace = { ...outdoors, light: { x: 0.5, y: 0.45 } };
    const plan = planCamera(evidenceOf(onFace, { faces: [middleFace] }), "kinetic");
    expect(plan.effects).toEqual(["shimmer", "sway"]);
    const beside = planCamera(evidenceOf(outdoors, { faces: [middleFace] }), "kinetic");
    expect(beside.effects).toContain("light");
    expect(beside.effects).not.toContain("dust");
  });

  test("leave what is even and bright behind a face alone, which may be a wall", () => {
    const height = 0.08;
    const far = { ...middleFace, box: { ...middleFace.box, height } };
    const effectsWith = (face: typeof far) =>
      planCamera(evidenceOf(outdoors, { faces: [face] }), "medium").effects;
    expect(effectsWith(far)).toContain("drift");
    expect(effectsWith(middleFace)).not.toContain("drift");
  });

  test("are none in a graphic", () => {
    for (const motion of motions) {
      expect(planCamera(evidenceOf({ ...outdoors, kind: "graphic" }), motion)).toEqual({
        focal: { x: 0.5, y: 0.5 },
        camera: "flat",
      });
    }
  });
});
