import { describe, expect, test } from "bun:test";
import {
  findBox,
  getBox,
  Mp4Error,
  readBoxes,
  readBoxHeader,
} from "../../../src/media/mp4/mp4-boxes.ts";
import { box, u32 } from "../../support/mp4-maker.ts";

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const long = (size: number) =>
  new Uint8Array(
    Buffer.concat([u32(1), Buffer.from("mdat"), u32(Math.floor(size / 2 ** 32), size % 2 ** 32)]),
  );

describe("boxes", () => {
  test("are found by their path", () => {
    const view = viewOf(box("moov", box("free"), box("trak", box("tkhd", "abc"))));
    expect(findBox(view, "moov", "trak", "tkhd")?.byteLength).toBe(3);
    expect(findBox(view, "moov", "udta", "tkhd")).toBeUndefined();
    expect(() => getBox(view, "moov", "udta")).toThrow("the box moov/udta is missing");
  });

  test("one without a size reaches to the end", () => {
    const view = viewOf(Uint8Array.from([...u32(0), ...Buffer.from("mdat"), 1, 2, 3]));
    expect(readBoxes(view).map(({ body }) => body.byteLength)).toEqual([3]);
  });

  test("a large one has its size in 64 bits", () => {
    expect(readBoxHeader(viewOf(long(5 * 2 ** 32)))).toEqual({
      type: "mdat",
      headerSize: 16,
      size: 5 * 2 ** 32,
    });
  });

  test.each([
    ["a header that is cut off", Uint8Array.from([0, 0, 0, 8, 102])],
    ["a long header that is cut off", long(99).subarray(0, 12)],
    ["a size smaller than the header", u32(7, 0)],
    ["a long size smaller than the header", long(15)],
    [
      "a size past any number",
      Uint8Array.from([...u32(1), ...Buffer.from("mdat"), ...u32(0xffffffff, 0)]),
    ],
    ["a size past the end", u32(16, 0)],
    [
      "more boxes than anyone needs",
      new Uint8Array(Buffer.concat(Array(10_001).fill(box("free")))),
    ],
  ])("%s is refused", (_, bytes) => {
    expect(() => readBoxes(viewOf(bytes))).toThrow(Mp4Error);
  });
});
