import { describe, expect, test } from "bun:test";
import { analyseScene, thumbnailSide } from "../../../src/scene/analyse.ts";
import { estimateRelief, type ReliefRequest } from "../../../src/scene/depth/depth.ts";
import { sampleField } from "../../../src/scene/field/field.ts";
import type { CoarseMap } from "../../../src/scene/plan.ts";
import { readThumbnail } from "../../../src/scene/still.ts";
import { pictureFixture } from "../../support/pictures/picture-fixtures.ts";

/** What a camera of medium motion may have. */
const slopeMax = 0.055;

async function reliefOf(name: string, plan: ReliefRequest["plan"] = {}) {
  const thumbnail = await readThumbnail(await pictureFixture(name).path(), thumbnailSide);
  return estimateRelief({ thumbnail, scene: analyseScene(thumbnail), plan, slopeMax });
}

async function depthOf(name: string, plan: ReliefRequest["plan"] = {}) {
  const relief = await reliefOf(name, plan);
  if (!relief) throw new Error(`${name} has no relief`);
  return relief.depth;
}

function mapOf(width: number, height: number, byteAt: (x: number, y: number) => number): CoarseMap {
  const bytes = Uint8Array.from({ length: width * height }, (_, index) =>
    byteAt(((index % width) + 0.5) / width, (Math.floor(index / width) + 0.5) / height),
  );
  return { width, height, bytes: Buffer.from(bytes).toString("base64") };
}

describe("estimateRelief", () => {
  test.each([
    ["boats", { x: 0.2, y: 0.1 }, { x: 0.2, y: 0.9 }],
    ["home", { x: 0.3, y: 0.2 }, { x: 0.5, y: 0.95 }],
    ["lake", { x: 0.5, y: 0.1 }, { x: 0.5, y: 0.95 }],
    ["coffee", { x: 0.1, y: 0.05 }, { x: 0.5, y: 0.7 }],
    ["macro", { x: 0.05, y: 0.3 }, { x: 0.6, y: 0.45 }],
    ["acanthus", { x: 0.05, y: 0.4 }, { x: 0.5, y: 0.5 }],
  ] as const)("in %s what is behind is farther than what is before", async (name, far, near) => {
    const depth = await depthOf(name);
    const [behind, before] = [sampleField(depth, far.x, far.y), sampleField(depth, near.x, near.y)];
    expect(before - behind).toBeGreaterThan(0.3);
  });

  test("is nowhere steeper than asked for, but where lines and faces have a say", async () => {
    const { width, height, samples } = await depthOf("cat");
    for (let index = width; index < samples.length; index++) {
      const here = samples[index] as number;
      expect(Math.abs(here - (samples[index - width] as number))).toBeLessThan(2.2 * slopeMax);
    }
    expect(samples.length).toBe(width * height);
  });

  test.each(["screenshot", "text", "logo", "illustration"])("%s has none", async (name) => {
    expect(await reliefOf(name)).toBeUndefined();
  });

  test("what shows neither a horizon nor a subject has none", async () => {
    const path = await pictureFixture("cat").path();
    const thumbnail = await readThumbnail(path, thumbnailSide);
    const seen = analyseScene(thumbnail);
    const vague = {
      ...seen,
      horizon: { ...seen.horizon, confidence: 0.19 },
      saliency: { ...seen.saliency, confidence: 0.19 },
    };
    const request = { thumbnail, plan: {}, slopeMax };
    expect(estimateRelief({ ...request, scene: vague })).toBeUndefined();
    const subject = { ...vague, saliency: { ...vague.saliency, confidence: 0.21 } };
    expect(estimateRelief({ ...request, scene: subject })).toBeDefined();
  });

  test("people are before what is around them, nearest at their feet", async () => {
    const people = mapOf(32, 32, (x) => (x > 0.3 && x < 0.6 ? 255 : 0));
    const depth = await depthOf("home", { people });
    expect(sampleField(depth, 0.45, 0.3)).toBeGreaterThan(0.6);
    expect(sampleField(depth, 0.45, 0.9)).toBeGreaterThan(sampleField(depth, 0.45, 0.3));
    expect(sampleField(depth, 0.9, 0.5)).toBeLessThan(0.5);
  });

  test("a model's depth is believed", async () => {
    const nearLeft = mapOf(48, 32, (x) => 255 * (1 - x));
    const depth = await depthOf("cat", { depth: nearLeft });
    for (const y of [0.2, 0.5, 0.8]) {
      expect(sampleField(depth, 0.15, y) - sampleField(depth, 0.85, y)).toBeGreaterThan(0.5);
    }
  });

  test("a map that is not what it says is none", async () => {
    const broken = { width: 48, height: 32, bytes: "AAAA" };
    expect(await depthOf("cat", { depth: broken, people: broken })).toEqual(await depthOf("cat"));
  });

  test("a face has one depth, and two that touch have one together", async () => {
    const rigid = [
      { left: 0.3, top: 0.2, width: 0.15, height: 0.2 },
      { left: 0.47, top: 0.25, width: 0.15, height: 0.2 },
    ];
    const depth = await depthOf("coffee", { rigid });
    const inside = rigid.flatMap(({ left, top, width, height }) =>
      [0, 0.3, 0.6, 1].flatMap((share) => [
        sampleField(depth, left + share * width, top),
        sampleField(depth, left, top + share * height),
        sampleField(depth, left + share * width, top + share * height),
      ]),
    );
    expect(Math.max(...inside) - Math.min(...inside)).toBeLessThan(1e-4);
  });

  test("along every straight line depth changes evenly", async () => {
    const relief = await reliefOf("facade");
    expect(relief?.lines.length).toBeGreaterThan(10);
    for (const { fromX, fromY, toX, toY } of relief?.lines ?? []) {
      const { depth } = relief as NonNullable<typeof relief>;
      const at = (share: number) =>
        sampleField(
          depth,
          (fromX + (toX - fromX) * share + 0.5) / depth.width,
          (fromY + (toY - fromY) * share + 0.5) / depth.height,
        );
      expect(Math.abs(at(0.5) - (at(0.1) + at(0.9)) / 2)).toBeLessThan(0.01);
    }
  });
});
