import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { inspectPicture } from "../../../src/media/picture/picture.ts";
import { pictureFixture, pictureFixtures } from "../../support/pictures/picture-fixtures.ts";

describe("the pictures of tests", () => {
  test.each(pictureFixtures)("$name ($covers) may be animated", async ({ path }) => {
    const { width, height } = await inspectPicture(await path());
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(256);
  });

  test("are told apart by their names, each with its licence", () => {
    const names = pictureFixtures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const page = join(import.meta.dir, "../../fixtures/pictures/README.md");
    const licences = readFileSync(page, "utf8");
    expect(names.filter((name) => !licences.includes(`\`${name}\``))).toEqual([]);
    expect(() => pictureFixture("nothing")).toThrow("there is no picture nothing; there are");
  });

  test("are encoded as they say", async () => {
    const metadataOf = async (name: string) => sharp(await pictureFixture(name).path()).metadata();
    expect(await metadataOf("cmyk")).toMatchObject({ format: "jpeg", space: "cmyk" });
    expect(await metadataOf("sixteen-bits")).toMatchObject({ format: "png", depth: "ushort" });
    expect(await metadataOf("greyscale")).toMatchObject({ channels: 1 });
    expect(await metadataOf("turned")).toMatchObject({ orientation: 6, width: 400, height: 600 });
    expect(await metadataOf("animated")).toMatchObject({ format: "webp", pages: 2 });
    expect(await metadataOf("transparent")).toMatchObject({ hasAlpha: true });
    expect(await metadataOf("panorama")).toMatchObject({ width: 2400, height: 600 });
    expect(await metadataOf("facade-4096")).toMatchObject({ width: 4096 });
  });
});
