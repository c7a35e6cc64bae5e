import { describe, expect, test } from "bun:test";
import { createKernel } from "../../src/kernel/kernel.ts";
import { isSeamlessMotion, measureSeam } from "../../src/loop/seam.ts";
import { type AmbienceRequest, createAmbience } from "../../src/motion/ambience.ts";
import { createClip } from "../../src/motion/clip.ts";
import { effects, type Mode, modes, motions } from "../../src/scene/plan.ts";
import { boxRegion, indoors, landscape, whole } from "../support/effect-scenes.ts";
import { drawDotChart, measureJitter } from "../support/jitter.ts";
import { jacobianMin } from "../support/mesh-reference.ts";

const kernel = await createKernel();
const size = { width: 320, height: 180 };

const request: AmbienceRequest = {
  ...size,
  ...{ motion: "medium", mode: "loop", frames: 60, fps: 30, seed: 7 },
  ...{ effects, scene: landscape, window: whole, rigid: [], people: undefined },
};

/** Soft blots of all sizes, as clouds and waves have. */
function picture() {
  const pixels = new Uint8Array(320 * 176 * 3);
  for (let index = 0; index < 320 * 176; index++) {
    const [x, y] = [index % 320, Math.floor(index / 320)];
    const level =
      120 + 40 * Math.sin(x / 9 + y / 23) + 30 * Math.cos(y / 5 - x / 31) + 6 * Math.sin(x * y);
    pixels.set([level, level * 0.9, 200 - level / 2], index * 3);
  }
  return { pixels, width: 320, height: 176 };
}

function openClip(changes: Partial<AmbienceRequest>) {
  const wanted = { ...request, ...changes };
  const { motion, mode, frames, seed } = wanted;
  const camera = "flat" as const;
  const focal = { x: 0.5, y: 0.5 };
  const clip = { ...size, motion, mode, frames, seed, camera, focal, ambience: wanted };
  return createClip(kernel, picture(), clip);
}

describe("ambience", () => {
  test("is none where nothing is wanted, where the picture has no place, and on drawings", () => {
    expect(createAmbience({ ...request, effects: [] })).toBeUndefined();
    const outdoors = ["drift", "shimmer", "sway"] as const;
    expect(createAmbience({ ...request, scene: indoors, effects: outdoors })).toBeUndefined();
    const graphic = { ...landscape, kind: "graphic" } as const;
    expect(createAmbience({ ...request, scene: graphic })).toBeUndefined();
  });

  test("of an effect does not depend on which others there are", () => {
    const alone = createAmbience({ ...request, effects: ["dust"] })?.momentAt(11).discs;
    expect(alone?.length).toBeGreaterThan(20);
    expect(createAmbience(request)?.momentAt(11).discs).toEqual(alone ?? []);
  });
});

describe("a clip with all effects", () => {
  test.each([...modes])("in %s returns to its first frame, bit for bit", (mode) => {
    for (const motion of motions) {
      const ambience = createAmbience({ ...request, mode, motion });
      expect(ambience?.momentAt(60)).toEqual(ambience?.momentAt(0) as never);
    }
    const clip = openClip({ mode: "loop" });
    const first = clip.draw(0).slice();
    expect(Buffer.from(clip.draw(60)).equals(first)).toBe(true);
  });

  test("is another with each effect, and with another seed", () => {
    const hash = (changes: Partial<AmbienceRequest>) => Bun.hash(openClip(changes).draw(17));
    const hashes = effects.map((effect) => hash({ effects: [effect] }));
    expect(new Set([...hashes, hash({}), hash({ effects: [] }), hash({ seed: 8 })]).size).toBe(8);
    expect(hash({})).toBe(hash({}));
  });

  test.each([
    ["animate-on-hover", 0],
    ["animate-in", 59],
  ] as const)("in %s shows the still itself in frame %d", (mode: Mode, frame) => {
    for (const motion of motions) {
      const still = openClip({ mode, motion, effects: [] }).draw(frame).slice();
      expect(Buffer.from(openClip({ mode, motion }).draw(frame)).equals(still)).toBe(true);
    }
  });

  test.each([...motions])("closes in %s as evenly as it goes on", async (motion) => {
    for (const seed of [1, 2, 3]) {
      const clip = openClip({ motion, seed });
      const luma = Array.from({ length: 60 }, (_, frame) => clip.draw(frame).slice(0, 320 * 180));
      const seam = await measureSeam(luma, size);
      expect(isSeamlessMotion(seam)).toBe(true);
    }
  });

  test.each([...motions])("moves leaves and water in %s without jitter", (motion) => {
    const frame = { width: 480, height: 270 };
    const everywhere = { ...landscape, foliage: boxRegion(whole), water: boxRegion(whole) };
    const picture = { width: 480, height: 264 };
    const pixels = drawDotChart(frame, picture);
    const clip = createClip(
      kernel,
      { ...picture, pixels },
      {
        ...frame,
        ...{ motion, mode: "loop", frames: 60, seed: 5, camera: "flat", focal: { x: 0.5, y: 0.5 } },
        ambience: { ...request, scene: everywhere, effects: ["light", "shimmer", "sway"] },
      },
    );
    const luma = Array.from({ length: 60 }, (_, index) => clip.draw(index).slice(0, 480 * 270));
    const { dots, accelerationNoise } = measureJitter(luma, frame);
    expect(dots).toBeGreaterThan(10);
    expect(accelerationNoise).toBeLessThanOrEqual(0.02);
  });

  test("never folds the picture", () => {
    const depth = { width: 2, height: 2, samples: new Float32Array(4) };
    const pose = { roll: 0, panX: 0, panY: 0, parallaxX: 0, parallaxY: 0, dolly: 0, zoom: 1.05 };
    for (const motion of motions) {
      const wanted = { ...request, ...{ motion, width: 1280, height: 720, frames: 24 } };
      const ambience = createAmbience(wanted);
      if (!ambience?.fields.drift) throw new Error("there is nothing to test");
      // Where the first phase jumps back it is not seen, so all of the sky is put at one phase.
      const drift = ambience.fields.drift.map((value, at) => (at % 4 === 0 ? value : 0));
      const fields = { ...ambience.fields, drift };
      const view = { width: 1280, height: 720, depth, pivot: 0, ambience: fields };
      const warp = kernel.load(picture(), view);
      for (let frame = 0; frame < 24; frame++) {
        const moment = { ...ambience.momentAt(frame), turn: frame < 12 ? 0 : 0.999 };
        expect(jacobianMin(warp.mesh(pose, moment), view, warp.source)).toBeGreaterThan(0.5);
      }
    }
  });
});
