import { describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import {
  readPngChunks,
  readPngSize,
  unpacksWithin,
} from "../../../src/media/picture/png-chunks.ts";
import { blackPng, pngChunk } from "../../support/png-maker.ts";

const packed = (bytes: number) => deflateSync(Buffer.alloc(bytes, "a"), { level: 9 });
const chunkOf = (type: string, head: string, bytes: number) =>
  pngChunk(type, Buffer.concat([Buffer.from(head, "latin1"), packed(bytes)]));
const carriers: readonly (readonly [string, string])[] = [
  ["zTXt", "Comment\0\0"],
  ["iCCP", "ICC\0\0"],
  ["iTXt", "XML:com.adobe.xmp\0\x01\0en\0Title\0"],
];
const pngWith = (...before: readonly Uint8Array[]) => blackPng({ width: 8, height: 8, before });

describe("the chunks of a PNG", () => {
  test("come in their order, up to the end", () => {
    const bytes = blackPng({ width: 8, height: 9, after: [pngChunk("tEXt", Buffer.from("a\0b"))] });
    const withMore = Buffer.concat([bytes, pngChunk("IDAT", new Uint8Array(3))]);
    expect([...readPngChunks(withMore)].map(({ type }) => type)).toEqual([
      "IHDR",
      "IDAT",
      "tEXt",
      "IEND",
    ]);
    expect(readPngSize(bytes)).toEqual({ width: 8, height: 9 });
  });

  test("stop where the file is cut off", () => {
    const bytes = pngWith();
    expect([...readPngChunks(bytes.subarray(0, 50))].map(({ type }) => type)).toEqual(["IHDR"]);
    expect(readPngSize(bytes.subarray(0, 30))).toBeUndefined();
    expect(readPngSize(bytes.subarray(0, 8))).toBeUndefined();
  });
});

describe("what a PNG carries packed", () => {
  test.each(carriers)("%s is counted, to the byte", async (type, head) => {
    const bytes = pngWith(chunkOf(type, head, 5000));
    expect(await unpacksWithin(bytes, 5001)).toBe(true);
    expect(await unpacksWithin(bytes, 4999)).toBe(false);
  });

  test("is counted altogether, before and after the picture", async () => {
    const one = chunkOf("zTXt", "Comment\0\0", 5000);
    const bytes = blackPng({ width: 8, height: 8, before: [one, one], after: [one] });
    expect(await unpacksWithin(bytes, 15_001)).toBe(true);
    expect(await unpacksWithin(bytes, 14_999)).toBe(false);
  });

  test("does not count when it is not packed, or nothing of it makes sense", async () => {
    const plain = pngChunk("iTXt", Buffer.from("Title\0\0\0en\0Title\0hello", "latin1"));
    const nameless = pngChunk("zTXt", Buffer.from("no end"));
    const endless = pngChunk("iTXt", Buffer.from("Title\0\x01\0en", "latin1"));
    expect(await unpacksWithin(pngWith(plain, nameless, endless), 1)).toBe(true);
  });

  test("is refused when it cannot be unpacked", async () => {
    const damaged = pngChunk("zTXt", Buffer.from("Comment\0\0not deflated", "latin1"));
    expect(await unpacksWithin(pngWith(damaged), 1_000_000)).toBe(false);
  });

  test("50 MB are not unpacked to be refused", async () => {
    const bytes = pngWith(chunkOf("zTXt", "Comment\0\0", 50_000_000));
    const startedMs = performance.now();
    expect(await unpacksWithin(bytes, 8 * 1024 * 1024)).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(200);
  });
});
