import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import { openMedia } from "../../../src/media/open-media.ts";
import { framePoster, stillPoster } from "../../../src/media/picture/poster.ts";
import { codeOf } from "../../support/app-error.ts";
import { encodeFrames, greyFrame } from "../../support/frames.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

type Rgb = readonly [number, number, number];

/** A picture of four fields: red and green above, blue and white below. */
const fields: readonly Rgb[] = [
  [220, 40, 40],
  [40, 180, 60],
  [50, 70, 200],
  [250, 250, 250],
];

/** The same, paler: colours that can be printed. */
const printable: readonly Rgb[] = [
  [170, 90, 80],
  [90, 140, 90],
  [90, 110, 150],
  [235, 235, 235],
];

function fourFields(colours = fields) {
  const { width, height } = { width: 320, height: 200 };
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    const isRight = index % width >= width / 2;
    const isBelow = index >= (width * height) / 2;
    pixels.set(colours[(isBelow ? 2 : 0) + (isRight ? 1 : 0)] ?? [], 3 * index);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** The colours in the middles of the four fields of a JPEG. */
async function coloursOf(jpeg: Uint8Array): Promise<readonly Rgb[]> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return [0.25, 0.75].flatMap((down) =>
    [0.25, 0.75].map((across): Rgb => {
      const row = Math.floor(down * info.height);
      const at = 3 * (row * info.width + Math.floor(across * info.width));
      return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    }),
  );
}

/** CIE 1976 difference of two sRGB colours under D65. */
function colourDifference(first: Rgb, second: Rgb): number {
  const [a, b] = [first, second].map(lab) as [Rgb, Rgb];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function lab(colour: Rgb): Rgb {
  const linear = colour.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = linear;
  const f = (share: number) =>
    share > 216 / 24389 ? Math.cbrt(share) : ((24389 / 27) * share + 16) / 116;
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

async function expectColours(jpeg: Uint8Array, expected: readonly Rgb[], most = 3): Promise<void> {
  const differences = (await coloursOf(jpeg)).map((colour, index) =>
    colourDifference(colour, expected[index] ?? [0, 0, 0]),
  );
  expect(Math.max(...differences)).toBeLessThan(most);
}

describe("the poster of a still", () => {
  test("is a progressive JPEG in sRGB, of the same size", async () => {
    const poster = await stillPoster(await fourFields().png().toBuffer());
    expect(await sharp(poster).metadata()).toMatchObject({
      format: "jpeg",
      isProgressive: true,
      space: "srgb",
      width: 320,
      height: 200,
    });
    await expectColours(poster, fields);
  });

  test.each([
    ["16 bits a channel", () => fourFields().toColourspace("rgb16").png()],
    ["Display P3", () => fourFields().withIccProfile("p3").png()],
    ["a palette", () => fourFields().png({ palette: true })],
    ["a WebP", () => fourFields().webp({ lossless: true })],
  ] as const)("has the right colours from %s [I13]", async (_, make) => {
    await expectColours(await stillPoster(await make().toBuffer()), fields);
  });

  test("goes by the profile of a CMYK still: paper is white, and hues are kept [I13]", async () => {
    // The way into a printer's colours costs up to nine units by itself.
    const printed = await fourFields(printable)
      .withIccProfile("cmyk")
      .jpeg({ quality: 98 })
      .toBuffer();
    expect((await sharp(printed).metadata()).space).toBe("cmyk");
    const poster = await stillPoster(printed);
    await expectColours(poster, printable, 10);
    const [, , , white] = await coloursOf(poster);
    expect(colourDifference(white ?? [0, 0, 0], [235, 235, 235])).toBeLessThan(3);
  });

  test("is on white where the still is transparent, and grey where it is grey [I13]", async () => {
    const clear = sharp({
      create: { width: 300, height: 300, channels: 4, background: "#ff000000" },
    });
    const white = await stillPoster(await clear.png().toBuffer());
    await expectColours(white, Array(4).fill([255, 255, 255]));
    const half = sharp({ create: { width: 300, height: 300, channels: 3, background: "#404040" } })
      .greyscale()
      .ensureAlpha(0.5);
    const grey = await stillPoster(await half.png().toBuffer());
    await expectColours(grey, Array(4).fill([160, 160, 160]));
  });

  test("is upright, and nothing but pixels: no EXIF, no place, no profile [I12]", async () => {
    const exif = {
      IFD0: { Artist: "A. Name" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1" },
    };
    const turned = await fourFields()
      .withExif(exif)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(turned).metadata()).exif).toBeDefined();
    const poster = await stillPoster(turned);
    const { exif: left, icc, xmp, orientation, width, height } = await sharp(poster).metadata();
    expect([left, icc, xmp, orientation]).toEqual(Array(4).fill(undefined));
    expect([width, height]).toEqual([200, 320]);
    expect(Buffer.from(poster).includes("A. Name")).toBe(false);
    const [topLeft, topRight, bottomLeft, bottomRight] = fields as readonly [Rgb, Rgb, Rgb, Rgb];
    const quarterTurn = [bottomLeft, topLeft, bottomRight, topRight];
    await expectColours(poster, quarterTurn, 5);
  });

  test("shows the part of the turned picture, and at the width, that is asked for", async () => {
    const turned = await fourFields().withMetadata({ orientation: 6 }).png().toBuffer();
    const crop = { left: 100, top: 0, width: 100, height: 160 };
    const poster = await stillPoster(turned, { crop, width: 50 });
    expect(await sharp(poster).metadata()).toMatchObject({ width: 50, height: 80 });
    const red = fields[0] as Rgb;
    await expectColours(poster, Array(4).fill(red), 5);
  });

  test("is never wider than what it shows", async () => {
    const poster = await stillPoster(await fourFields().png().toBuffer(), { width: 1920 });
    expect(await sharp(poster).metadata()).toMatchObject({ width: 320, height: 200 });
  });

  test("is made of a file as well", async () => {
    const path = join(directory.path, "still.png");
    await fourFields().png().toFile(path);
    await expectColours(await stillPoster(path), fields);
  });

  test("cannot be made of a still that is damaged", async () => {
    const whole = await fourFields().png().toBuffer();
    expect(await codeOf(stillPoster(whole.subarray(0, 200)))).toBe("source_unsupported");
  });
});

describe("the poster of a clip", async () => {
  const media = await openMedia({ ffmpegPath: undefined });
  const path = join(directory.path, "clip.mp4");
  const spec = { path, width: 128, height: 72, fps: 30, threads: 1 };
  const signal = new AbortController().signal;
  await encodeFrames(
    media,
    spec,
    [60, 100, 200].map((level) => greyFrame(128, 72, level)),
  );
  const clip = await media.probe(path);

  test.each([
    ["first", 60],
    ["last", 200],
  ] as const)("is its %s frame", async (at, luma) => {
    const poster = await framePoster(media, { path, clip, at, signal });
    expect(await sharp(poster).metadata()).toMatchObject({
      format: "jpeg",
      isProgressive: true,
      width: 128,
      height: 72,
    });
    const level = ((luma - 16) * 255) / 219;
    await expectColours(poster, Array(4).fill([level, level, level]));
  });

  test("is not made when nobody waits for it", async () => {
    const request = { path, clip, at: "last", signal: AbortSignal.abort() } as const;
    expect(await codeOf(framePoster(media, request))).toBe("cancelled");
  });
});
