import { expect, test } from "bun:test";
import { parseRenditionFormat } from "../../src/media/rendition-format.ts";

test("a format is known by its name and by nothing else", () => {
  expect(["av1", "webp", "AVIF", "mp4", ""].map(parseRenditionFormat)).toEqual([
    "av1",
    "webp",
    undefined,
    undefined,
    undefined,
  ]);
});
