import { describe, expect, test } from "bun:test";
import { readAv1Config } from "../../../src/media/mp4/av1-config.ts";

describe("the decoder configuration of an AV1 stream", () => {
  test.each([
    [[0x81, 0x05, 0x0c], { profile: "Main", pixelFormat: "yuv420p" }],
    [[0x81, 0x05, 0x4d], { profile: "Main", pixelFormat: "yuv420p10le" }],
    [[0x81, 0x05, 0x1c], { profile: "Main", pixelFormat: "gray" }],
    [[0x81, 0x25, 0x00], { profile: "High", pixelFormat: "yuv444p" }],
    [[0x81, 0x45, 0x08], { profile: "Professional", pixelFormat: "yuv422p" }],
    [[0x81, 0x45, 0x68], { profile: "Professional", pixelFormat: "yuv422p12le" }],
  ])("%j", (bytes, expected) => {
    expect(readAv1Config(Uint8Array.from([...bytes, 0]))).toEqual(expected);
  });

  test.each([[[]], [[0x81]], [[0x01, 0x05, 0x0c]], [[0x81, 0xe5, 0x0c]]])("%j is none", (bytes) => {
    expect(readAv1Config(Uint8Array.from(bytes))).toBeUndefined();
  });
});
