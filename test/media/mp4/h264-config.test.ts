import { describe, expect, test } from "bun:test";
import { readH264Config } from "../../../src/media/mp4/h264-config.ts";

/** A configuration record with one parameter set: profile, constraints, level, then bits. */
function record(profile: number, constraints: number, bits: string): Uint8Array {
  const bytes = (bits.padEnd(Math.ceil(bits.length / 8) * 8, "0").match(/.{8}/g) ?? []).map(
    (byte) => Number.parseInt(byte, 2),
  );
  const set = [0x67, profile, constraints, 30, ...bytes];
  return Uint8Array.from([1, profile, constraints, 30, 0xff, 0xe1, 0, set.length, ...set]);
}

/** Unsigned Exp-Golomb codes, as §9.1 of the standard writes them. */
const golomb = (...values: readonly number[]) =>
  values
    .map((value) => (value + 1).toString(2))
    .map((digits) => "0".repeat(digits.length - 1) + digits)
    .join("");

describe("an H.264 configuration", () => {
  test.each([
    ["Baseline", 66, 0, "", "yuv420p"],
    ["Constrained Baseline", 66, 0x40, "", "yuv420p"],
    ["Main", 77, 0, "", "yuv420p"],
    ["High", 100, 0, golomb(0, 1, 0), "yuv420p"],
    ["High", 100, 0, golomb(0, 0, 0), "gray"],
    ["High 10", 110, 0, golomb(0, 1, 2), "yuv420p10le"],
    ["High 4:2:2", 122, 0, golomb(0, 2, 0), "yuv422p"],
    ["High 4:4:4 Predictive", 244, 0, `${golomb(31, 3)}0${golomb(0)}`, "yuv444p"],
    ["99", 99, 0, "", "yuv420p"],
  ])("of profile %s", (profile, number, constraints, bits, pixelFormat) => {
    expect(readH264Config(record(number, constraints, bits))).toEqual({ profile, pixelFormat });
  });

  test("bytes that keep start codes out are not read", () => {
    // A parameter set number so large that its code holds 16 zero bits; 3 is then stuffed in.
    const plain = record(100, 0, `${"0".repeat(23)}1${"0".repeat(23)}${golomb(1, 0)}`);
    const at = 12;
    const stuffed = Uint8Array.from([...plain.subarray(0, at + 2), 3, ...plain.subarray(at + 2)]);
    stuffed[7] = (stuffed[7] ?? 0) + 1;
    expect(plain.subarray(at, at + 2)).toEqual(new Uint8Array(2));
    expect(readH264Config(stuffed)).toEqual(readH264Config(plain));
    expect(readH264Config(plain)?.pixelFormat).toBe("yuv420p");
  });

  test.each([
    ["an empty record", new Uint8Array()],
    ["another version", record(100, 0, "").with(0, 2)],
    ["no parameter set", record(100, 0, "").with(5, 0xe0)],
    ["a parameter set that is cut off", record(100, 0, "").subarray(0, 10)],
  ])("%s says nothing", (_, bytes) => {
    expect(readH264Config(bytes)).toBeUndefined();
  });
});
