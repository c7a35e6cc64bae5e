import { describe, expect, test } from "bun:test";
import sharp from "sharp";
import {
  thumbHashToApproximateAspectRatio,
  thumbHashToAverageRGBA,
  thumbHashToRGBA,
} from "thumbhash";
import { thumbhashOf } from "../../../src/media/picture/thumbhash.ts";

function jpeg(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

const bytesOf = (hash: string) => new Uint8Array(Buffer.from(hash, "base64"));

describe("the thumbhash of a picture", () => {
  test("is a few bytes that hold its colour", async () => {
    const hash = bytesOf(await thumbhashOf(await jpeg(1280, 720, "#c83c28")));
    expect(hash.length).toBeLessThan(40);
    const { r, g, b, a } = thumbHashToAverageRGBA(hash);
    const off = [r - 200 / 255, g - 60 / 255, b - 40 / 255].map(Math.abs);
    expect(Math.max(...off)).toBeLessThan(0.06);
    expect(a).toBe(1);
  });

  test.each([
    [1280, 720],
    [720, 1280],
    [1280, 320],
    [960, 960],
  ])("of %d by %d pixels holds about their ratio", async (width, height) => {
    const hash = bytesOf(await thumbhashOf(await jpeg(width, height, "#408040")));
    const ratio = thumbHashToApproximateAspectRatio(hash) / (width / height);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });

  test("holds what is dark and what is bright, and is the same each time", async () => {
    const white = await jpeg(320, 400, "#ffffff");
    const picture = await sharp(await jpeg(640, 400, "#000000"))
      .composite([{ input: white, left: 320, top: 0 }])
      .jpeg()
      .toBuffer();
    const hash = await thumbhashOf(picture);
    expect(await thumbhashOf(picture)).toBe(hash);
    const { w, h, rgba } = thumbHashToRGBA(bytesOf(hash));
    const middle = 4 * w * Math.floor(h / 2);
    expect(rgba[middle] ?? 255).toBeLessThan(60);
    expect(rgba[middle + 4 * (w - 1)] ?? 0).toBeGreaterThan(195);
  });
});
