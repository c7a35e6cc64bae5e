import { afterAll, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { prepareUpload } from "../../../src/http/assets/upload-picture.ts";
import { inspectPicture, pictureBytesMax } from "../../../src/media/picture/picture.ts";
import { codeOf } from "../../support/app-error.ts";
import { smallPicture } from "../../support/small-picture.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(folder.close);

async function prepare(bytes: Uint8Array) {
  const path = join(folder.path, "picture");
  return { path, picture: await prepareUpload(bytes, path) };
}

/** Pixels without any order, which no way of writing makes small. */
function noise(side: number) {
  const pixels = Buffer.alloc(side * side * 3);
  let state = 1;
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = state >>> 24;
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
}

test("a picture is told as it was written", async () => {
  const { path, picture } = await prepare(await smallPicture());
  expect(picture).toEqual({
    bytes: (await stat(path)).size,
    extension: "png",
    contentType: "image/png",
    width: 256,
    height: 256,
  });
});

/** The same seen twice: how far apart the pixels of two pictures are, on the average. */
async function difference(one: Uint8Array, other: string) {
  const [a, b] = await Promise.all(
    [one, other].map((of) => sharp(of).removeAlpha().raw().toBuffer()),
  );
  if (a?.length !== b?.length) throw new Error("the pictures are not of one size");
  let sum = 0;
  // Every so many pixels are enough to know.
  for (let at = 0; at < (a?.length ?? 0); at += 97)
    sum += Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0));
  return (sum * 97) / (a?.length ?? 1);
}

test.each([
  ["a JPEG of low quality", { quality: 30 }, "jpeg", "jpg", 12],
  ["a PNG of few colours", { colours: 16, dither: 0, effort: 1 }, "png", "png", 1],
] as const)(
  "%s stays a source, though written as well it is too large",
  async (...row) => {
    const [, options, format, extension, differenceMax] = row;
    const side = 4096;
    const bytes = await noise(side).toFormat(format, options).toBuffer();
    const best = sharp(bytes);
    const written =
      format === "png" ? best.png() : best.jpeg({ quality: 95, chromaSubsampling: "4:4:4" });
    const tooLarge = (await written.toBuffer()).length;
    expect([bytes.length < pictureBytesMax, tooLarge > pictureBytesMax]).toEqual([true, true]);
    const { path, picture } = await prepare(bytes);
    expect(picture).toMatchObject({ extension, width: side, height: side });
    expect(await inspectPicture(path)).toMatchObject({ extension, width: side, height: side });
    expect(await difference(bytes, path)).toBeLessThanOrEqual(differenceMax);
  },
  30_000,
);

test("a picture that cannot be written is not the caller's fault", async () => {
  const path = join(folder.path, "nowhere", "picture");
  expect(await codeOf(prepareUpload(await smallPicture(), path))).toBe("r2_write_failed");
});
