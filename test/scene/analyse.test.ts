import { describe, expect, test } from "bun:test";
import { analyseScene, thumbnailSide } from "../../src/scene/analyse.ts";
import { readThumbnail } from "../../src/scene/still.ts";
import { pictureFixture, pictureFixtures } from "../support/pictures/picture-fixtures.ts";

async function sceneOf(name: string) {
  return analyseScene(await readThumbnail(await pictureFixture(name).path(), thumbnailSide));
}

/** A picture of `width` by `height` whose colour is a function of its place, 0 to 1. */
function painted(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [number, number, number],
) {
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    const [x, y] = [(index % width) / width, Math.floor(index / width) / height];
    pixels.set(colourAt(x, y), index * 3);
  }
  return { pixels, width, height };
}

describe("analyseScene", () => {
  const holding = pictureFixtures.filter(({ holds }) => holds && holds.length > 0);
  // A photograph of one colour cannot say that its water is blue, nor its leaves green.
  const inColour = holding.filter(({ name }) => !["alpine", "boats"].includes(name));

  test.each(inColour.map(({ name }) => name))("sees what %s holds", async (name) => {
    const scene = await sceneOf(name);
    for (const region of pictureFixture(name).holds ?? []) {
      const isCropped = name === "panorama" && region === "sky";
      if (!isCropped) expect([region, scene[region].share > 0.04]).toEqual([region, true]);
    }
  });

  test.each(["portrait", "cat", "coffee", "macro"])(
    "sees neither sky nor water in %s",
    async (name) => {
      const scene = await sceneOf(name);
      expect([scene.sky.share, scene.water.share]).toEqual([0, 0]);
    },
  );

  test("takes paper that goes on under a plant for no sky", async () => {
    const { sky, backdrop } = await sceneOf("allium");
    expect([sky.share, backdrop.share > 0.08]).toEqual([0, true]);
  });

  test("takes clouds that only sky surrounds for sky, and balloons not", () => {
    const skyWith = (spot: readonly [number, number, number]) =>
      analyseScene(
        painted(120, 80, (x, y) => {
          if (y > 0.6) return [60, 70, 40];
          const inside = 12 * (0.22 - Math.hypot((x - 0.5) * 1.5, y - 0.25));
          const share = Math.min(1, Math.max(0, inside));
          const mix = (own: number, other: number) => own + (other - own) * share;
          return [mix(120, spot[0]), mix(160, spot[1]), mix(225, spot[2])];
        }),
      ).sky.mask.samples[20 * 120 + 60] as number;
    expect(skyWith([215, 220, 235])).toBeGreaterThan(0.9);
    expect(skyWith([200, 30, 30])).toBeLessThan(0.1);
  });

  test("finds the line between two even halves, and is sure of it", () => {
    const picture = painted(120, 80, (_, y) => (y < 0.4 ? [150, 180, 230] : [60, 90, 40]));
    const { horizon } = analyseScene(picture);
    expect(horizon.y).toBeCloseTo(0.4, 1);
    expect(horizon.confidence).toBe(1);
  });

  test("is not sure of a horizon where there is none", async () => {
    expect((await sceneOf("cat")).horizon.confidence).toBeLessThan(0.2);
  });

  test("finds what stands out, and its middle", () => {
    const picture = painted(120, 80, (x, y) =>
      Math.hypot((x - 0.6) * 1.5, y - 0.55) < 0.2 ? [200, 40, 30] : [120, 125, 130],
    );
    const { saliency } = analyseScene(picture);
    expect(saliency.confidence).toBeGreaterThan(0.8);
    expect(saliency.focal?.x).toBeCloseTo(0.6, 1);
    expect(saliency.focal?.y).toBeCloseTo(0.55, 1);
  });

  test("an even picture holds nothing", () => {
    const scene = analyseScene(painted(64, 48, () => [128, 128, 128]));
    expect(scene.saliency).toMatchObject({ confidence: 0, focal: undefined });
    expect(scene.horizon.confidence).toBe(0);
    for (const region of [scene.sky, scene.water, scene.foliage]) expect(region.share).toBe(0);
  });

  test("finds the brightest spot", async () => {
    const picture = painted(120, 80, (x, y) => {
      const glow = 255 * Math.exp(-(((x - 0.8) / 0.1) ** 2) - ((y - 0.2) / 0.1) ** 2);
      return [40 + 0.8 * glow, 40 + 0.8 * glow, 40 + 0.7 * glow];
    });
    const { light } = analyseScene(picture);
    expect(light.x).toBeCloseTo(0.8, 1);
    expect(light.y).toBeCloseTo(0.2, 1);
  });

  test("all fields are finite, of one size, and within 0 to 1", async () => {
    for (const name of ["boats", "panorama", "acanthus", "text"]) {
      const scene = await sceneOf(name);
      const masks = [scene.backdrop, scene.sky, scene.water, scene.foliage].map(({ mask }) => mask);
      for (const field of [scene.saliency.field, scene.focus.field, ...masks]) {
        expect([field.width, field.height]).toEqual([scene.width, scene.height]);
        expect(field.samples.every((sample) => sample >= 0 && sample <= 1)).toBe(true);
      }
    }
  });

  test("takes the smallest pictures", () => {
    for (const [width, height] of [
      [240, 3],
      [3, 240],
      [8, 8],
    ] as const) {
      const scene = analyseScene(painted(width, height, (x, y) => [255 * x, 255 * y, 90]));
      expect([scene.width, scene.height]).toEqual([width, height]);
    }
  });
});
