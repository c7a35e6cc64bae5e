import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { measureStill, readStill, readThumbnail } from "../../src/scene/still.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

const orange = { r: 230, g: 120, b: 30 };

function flat(width: number, height: number, background: object = orange): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** The pixel in the middle of a still, after a crop of its left half. */
async function middleOf(path: string): Promise<readonly number[]> {
  const { width, height } = await measureStill(path);
  const crop = { left: 0, top: 0, width: Math.floor(width / 2), height };
  const picture = await readStill(path, crop, { width: 32, height: 16 });
  expect(picture.pixels.length).toBe(32 * 16 * 3);
  const middle = (8 * 32 + 16) * 3;
  return [...picture.pixels.subarray(middle, middle + 3)];
}

describe("readStill", () => {
  const grey = { r: 119, g: 119, b: 119 };
  const kinds: readonly (readonly [string, () => Sharp, readonly number[], number])[] = [
    ["a JPEG", () => flat(300, 280).jpeg({ quality: 98 }), [230, 120, 30], 3],
    ["a PNG", () => flat(300, 280).png(), [230, 120, 30], 1],
    ["a PNG with a palette", () => flat(300, 280).png({ palette: true }), [230, 120, 30], 3],
    ["a WebP", () => flat(300, 280).webp({ lossless: true }), [230, 120, 30], 1],
    ["a greyscale PNG", () => flat(300, 280, grey).toColourspace("b-w").png(), [119, 119, 119], 1],
    ["a 16-bit PNG", () => flat(300, 280).toColourspace("rgb16").png(), [230, 120, 30], 1],
    ["a CMYK JPEG", () => flat(300, 280).toColourspace("cmyk").jpeg(), [230, 120, 30], 32],
    [
      "a transparent PNG",
      () =>
        sharp({ create: { width: 300, height: 280, channels: 4, background: "#00000000" } }).png(),
      [255, 255, 255],
      0,
    ],
  ];

  test.each(kinds)("%s becomes eight-bit sRGB", async (_, make, colour, tolerance) => {
    const path = join(directory.path, "still");
    await Bun.write(path, await make().toBuffer());
    for (const [channel, value] of (await middleOf(path)).entries()) {
      expect(Math.abs(value - (colour[channel] ?? 0))).toBeLessThanOrEqual(tolerance);
    }
  });

  test("a still is read upright, whatever its EXIF orientation", async () => {
    const path = join(directory.path, "still.jpg");
    // Stored lying: the left half is blue. Turned clockwise that half is on top.
    const lying = flat(400, 300).composite([
      { input: await flat(200, 300, { r: 0, g: 0, b: 255 }).png().toBuffer(), left: 0, top: 0 },
    ]);
    await Bun.write(path, await lying.withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(await measureStill(path)).toEqual({ width: 300, height: 400 });
    const crop = { left: 0, top: 0, width: 300, height: 400 };
    const { pixels } = await readStill(path, crop, { width: 16, height: 16 });
    expect(pixels[2]).toBeGreaterThan(200);
    expect(pixels[(15 * 16 + 8) * 3]).toBeGreaterThan(200);
  });

  test("the crop window is what is read", async () => {
    const path = join(directory.path, "still.png");
    const patch = await flat(40, 30, { r: 0, g: 255, b: 0 }).png().toBuffer();
    await flat(300, 200)
      .composite([{ input: patch, left: 100, top: 60 }])
      .png()
      .toFile(path);
    const crop = { left: 100, top: 60, width: 40, height: 30 };
    const { pixels } = await readStill(path, crop, { width: 32, height: 24 });
    for (let pixel = 0; pixel < 32 * 24; pixel++) {
      expect([...pixels.subarray(pixel * 3, pixel * 3 + 3)]).toEqual([0, 255, 0]);
    }
  });
});

describe("what is no picture", () => {
  const jpeg = () => flat(600, 400).jpeg().toBuffer();
  const poison: Readonly<Record<string, () => Promise<Uint8Array>>> = {
    "an empty file": async () => new Uint8Array(),
    "random bytes": async () => new Uint8Array(5000).map((_, index) => (index * 7919) % 251),
    "half a JPEG": async () => (await jpeg()).subarray(0, 1500),
    "a JPEG header alone": async () => (await jpeg()).subarray(0, 200),
    "a playlist": async () => Buffer.from("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
    "more pixels than are ever decoded": () => flat(9000, 4000).png().toBuffer(),
  };

  test.each(Object.entries(poison))("%s is source_unsupported", async (_, make) => {
    const path = join(directory.path, "still.jpg");
    await Bun.write(path, await make());
    const crop = { left: 0, top: 0, width: 600, height: 400 };
    const reading = readStill(path, crop, { width: 64, height: 64 });
    expect(reading).rejects.toMatchObject({ code: "source_unsupported" });
    await reading.catch(() => undefined);
  });

  test("neither is a file that is not there", async () => {
    const measuring = measureStill(join(directory.path, "none.jpg"));
    expect(measuring).rejects.toMatchObject({ code: "source_unsupported" });
    await measuring.catch(() => undefined);
  });
});

test("a thumbnail keeps the shape and fits its square", async () => {
  const path = join(directory.path, "still.png");
  await flat(600, 300).png().toFile(path);
  const { width, height, pixels } = await readThumbnail(path, 128);
  expect([width, height, pixels.length]).toEqual([128, 64, 128 * 64 * 3]);
});
