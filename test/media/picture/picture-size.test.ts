import { describe, expect, test } from "bun:test";
import sharp from "sharp";
import { readJpegSize, readWebpSize } from "../../../src/media/picture/picture-size.ts";

const blank = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: "#80402080" } });
const size = { width: 301, height: 205 };
const jpeg = () => blank(size.width, size.height);

describe("the size that a header claims", () => {
  test.each([
    ["a WebP with loss", () => jpeg().webp(), readWebpSize],
    ["a WebP without loss", () => jpeg().webp({ lossless: true }), readWebpSize],
    ["a WebP with alpha", () => blank(size.width, size.height, 4).webp(), readWebpSize],
    [
      "a WebP with EXIF",
      () =>
        jpeg()
          .withExif({ IFD0: { Artist: "A" } })
          .webp(),
      readWebpSize,
    ],
    ["a JPEG", () => jpeg().jpeg(), readJpegSize],
    ["a progressive JPEG", () => jpeg().jpeg({ progressive: true }), readJpegSize],
    ["a grey JPEG", () => jpeg().greyscale().jpeg(), readJpegSize],
    ["a CMYK JPEG", () => jpeg().toColourspace("cmyk").jpeg(), readJpegSize],
    [
      "a JPEG with EXIF",
      () =>
        jpeg()
          .withExif({ IFD0: { Artist: "A" } })
          .jpeg(),
      readJpegSize,
    ],
    ["a JPEG with a profile", () => jpeg().withIccProfile("p3").jpeg(), readJpegSize],
  ])("is read from %s", async (_, make, read) => {
    expect(read(await make().toBuffer())).toEqual(size);
  });

  test("a JPEG may fill up before a marker, and have markers without a body", async () => {
    const plain = await jpeg().jpeg().toBuffer();
    const filled = Buffer.concat([
      plain.subarray(0, 2),
      Uint8Array.of(0xff, 0xff, 0xff, 0x01, 0xff, 0xd0),
      plain.subarray(2),
    ]);
    expect(readJpegSize(filled)).toEqual(size);
  });

  test.each([
    ["a JPEG that ends after its mark", [0xff, 0xd8, 0xff], readJpegSize],
    [
      "a JPEG whose picture begins at once",
      [0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0, 0, 0, 0],
      readJpegSize,
    ],
    ["a JPEG that is over at once", [0xff, 0xd8, 0xff, 0xd9, 0, 0, 0, 0, 0, 0, 0], readJpegSize],
    ["a JPEG of rubbish", [0xff, 0xd8, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0], readJpegSize],
    [
      "a JPEG with a segment without length",
      [0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0],
      readJpegSize,
    ],
    ["a WebP that is cut off", [...Buffer.from("RIFF0000WEBPVP8 ")], readWebpSize],
    ["a WebP of something else", [...Buffer.from("RIFF0000WEBPWHAT".padEnd(40))], readWebpSize],
  ])("is not made up for %s", (_, bytes, read) => {
    expect(read(Uint8Array.from(bytes))).toBeUndefined();
  });
});
