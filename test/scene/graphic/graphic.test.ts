import { describe, expect, test } from "bun:test";
import sharp, { type Sharp } from "sharp";
import { thumbnailSide } from "../../../src/scene/analyse.ts";
import { isGraphic } from "../../../src/scene/graphic/graphic.ts";
import { drawings } from "../../support/drawings.ts";
import { pictureFixtures } from "../../support/pictures/picture-fixtures.ts";
import { samplePath } from "../../support/render-fixtures.ts";

async function looksDrawn(picture: Sharp): Promise<boolean> {
  const { data, info } = await sharp(await picture.png().toBuffer())
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .resize(thumbnailSide, thumbnailSide, { fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return isGraphic({ pixels: data, width: info.width, height: info.height });
}

const render = (svg: string) => sharp(Buffer.from(svg));

describe("drawings are told from photographs", () => {
  test.each(Object.entries(drawings))("%s is one", async (_, svg) => {
    expect(await looksDrawn(render(svg))).toBe(true);
  });

  test.each(["a bar chart", "a dense page", "a comic"])("%s still is as a JPEG", async (name) => {
    const jpeg = await render(drawings[name] ?? "")
      .jpeg({ quality: 60 })
      .toBuffer();
    expect(await looksDrawn(sharp(jpeg))).toBe(true);
  });

  const known = pictureFixtures.filter(({ kind }) => kind !== "either");
  test.each(known.map(({ name, kind }) => [name, kind] as const))(
    "%s is a %s",
    async (name, kind) => {
      const fixture = known.find((each) => each.name === name);
      const picture = sharp((await fixture?.path()) ?? "", { autoOrient: true });
      expect(await looksDrawn(picture)).toBe(kind === "graphic");
    },
  );
});

/** What makes photographs even, or poor in colours. */
const treatments: Readonly<Record<string, (photograph: Sharp) => Promise<Buffer>>> = {
  "without colour": (photograph) => photograph.greyscale().png().toBuffer(),
  darkened: (photograph) => photograph.linear(0.35, -25).jpeg().toBuffer(),
  "darkened and without colour": (photograph) =>
    photograph.greyscale().linear(0.35, -25).png().toBuffer(),
  bleached: (photograph) => photograph.linear(1.6, 30).jpeg().toBuffer(),
  "packed hard": (photograph) => photograph.jpeg({ quality: 25 }).toBuffer(),
  "out of focus": (photograph) => photograph.blur(8).png().toBuffer(),
};

describe("photographs remain photographs", () => {
  const names = ["cat", "coffee", "portrait", "rocket"] as const;
  const cases = names.flatMap((name) =>
    Object.keys(treatments).map((treatment) => [name, treatment] as const),
  );
  test.each(cases)("%s %s", async (name, treatment) => {
    const treated = await treatments[treatment]?.(sharp(samplePath(name)));
    expect(await looksDrawn(sharp(treated))).toBe(false);
  });

  test.each(["#fff", "#888", "#000"])("cut out, on a plain %s ground", async (background) => {
    for (const name of ["cat", "portrait", "coffee"] as const) {
      const round = `<svg width="300" height="300"><circle cx="150" cy="150" r="148"/></svg>`;
      const product = await sharp(await sharp(samplePath(name)).resize(300, 300).png().toBuffer())
        .ensureAlpha()
        .composite([{ input: Buffer.from(round), blend: "dest-in" }])
        .png()
        .toBuffer();
      const ground = { width: 800, height: 600, channels: 3 as const, background };
      const picture = await sharp({ create: ground })
        .composite([{ input: product }])
        .jpeg({ quality: 85 })
        .toBuffer();
      expect(await looksDrawn(sharp(picture))).toBe(false);
      expect(await looksDrawn(sharp(picture).greyscale())).toBe(false);
    }
  });
});
