import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { checkFile, checkSides, imageType, sizeBytesMax } from "../../public/image-file.ts";

const samples = join(import.meta.dir, "..", "..", "assets", "samples");

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

describe("a file", () => {
  test("that is a JPEG is taken, whatever its name says", async () => {
    const bytes = await Bun.file(join(samples, "cat.jpg")).arrayBuffer();
    await checkFile(new File([bytes], "cat.txt", { type: "text/plain" }));
  });

  test("of more than 10 MB is refused with its size", async () => {
    const file = new File([new Uint8Array(sizeBytesMax + 1)], "big.png");
    await expect(checkFile(file)).rejects.toThrow(/10\.0 MB.*Make it smaller/);
  });

  test.each([
    ["nothing", "", /empty/],
    ["a text", "hello, world", /not a PNG, JPEG or WebP/],
    ["a GIF", "GIF89a\x01\x00\x01\x00\x00\x00", /not a PNG, JPEG or WebP/],
    ["an SVG", "<svg xmlns='http://", /not a PNG, JPEG or WebP/],
  ])("that holds %s is refused", async (_what, text, message) => {
    const file = new File([bytesOf(text)], "picture.png", { type: "image/png" });
    await expect(checkFile(file)).rejects.toThrow(message);
  });
});

test.each([
  ["\x89PNG\r\n\x1a\n\0\0\0\r", "png"],
  ["\xff\xd8\xff\xe0\0\x10JFIF\0", "jpeg"],
  ["RIFF\x10\0\0\0WEBP", "webp"],
  ["RIFF\x10\0\0\0WAVE", undefined],
  ["\xff\xd8", undefined],
])("the first bytes %j announce %p", (head, type) => {
  expect(imageType(bytesOf(head))).toBe(type as never);
});

test.each([
  [256, 4096, undefined],
  [255, 300, /255 × 300.*larger/],
  [300, 255, /larger/],
  [4097, 300, /Scale it down/],
])("sides of %d and %d pixels are judged", (width, height, message) => {
  const check = () => checkSides(width, height);
  if (message === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(message);
});
