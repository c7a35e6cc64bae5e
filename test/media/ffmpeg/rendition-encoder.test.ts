import { describe, expect, test } from "bun:test";
import { getRenditionEncoder } from "../../../src/media/ffmpeg/rendition-encoder.ts";

const tool = (...encoders: readonly string[]) => ({ version: "7.1", encoders: new Set(encoders) });

describe("the encoder of a format", () => {
  test.each([
    ["av1", ["libaom-av1", "libsvtav1"], "libsvtav1"],
    ["av1", ["libaom-av1"], "libaom-av1"],
    ["avif", ["libsvtav1"], "libsvtav1"],
    ["webp", ["libwebp", "libwebp_anim"], "libwebp_anim"],
    ["gif", ["gif"], "gif"],
  ] as const)("%s with %j is %s", (format, encoders, expected) => {
    expect(getRenditionEncoder(tool(...encoders), format)).toBe(expected);
  });

  test("is missing by name", () => {
    expect(() => getRenditionEncoder(tool("libx264", "libwebp"), "avif")).toThrow(
      "this server makes no avif: its ffmpeg 7.1 was built without the encoder " +
        "libsvtav1 or libaom-av1",
    );
  });
});
