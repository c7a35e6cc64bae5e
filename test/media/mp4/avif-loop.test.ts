import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { setAvifLoop, withLoop } from "../../../src/media/mp4/avif-loop.ts";
import { readAnimatedAvif } from "../../support/animated-avif.ts";
import { codeOf } from "../../support/app-error.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

function box(type: string, ...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const content = parts.flatMap((part) => [...part]);
  return Uint8Array.from([...uint32(8 + content.length), ...ascii(type), ...content]);
}

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const uint32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
const zeros = (count: number) => Array<number>(count).fill(0);
const media = ascii("two frames");

interface Shape {
  /** Version 1 of the headers, with long times, as ffmpeg 6 writes them. */
  readonly isLong: boolean;
  readonly hasEdits: boolean;
}

/** The boxes that matter of a sequence of two frames that lasts two seconds. */
function animation({ isLong, hasEdits }: Shape): Uint8Array {
  const build = (at: number) => {
    const version = uint32(isLong ? 0x01000000 : 0);
    const times = isLong ? zeros(16) : zeros(8);
    const long = isLong ? zeros(4) : [];
    // The duration of the whole is left at 0, as ffmpeg 5 leaves it.
    const movie = box("mvhd", version, times, uint32(1000), long, uint32(0), zeros(80));
    const track = box("tkhd", version, times, zeros(8), long, uint32(0), zeros(60));
    const timing = box("mdhd", version, times, uint32(500), long, uint32(1000), zeros(4));
    const entry = box("av01", zeros(24), [0, 128, 0, 72], zeros(50));
    const tables = box(
      "stbl",
      box("stsd", zeros(4), uint32(1), entry),
      box("stsz", zeros(4), uint32(5), uint32(2)),
      box("stco", zeros(4), uint32(1), uint32(at)),
    );
    const edits = hasEdits ? [box("edts", box("elst", zeros(4), uint32(0)))] : [];
    const mdia = box("mdia", timing, box("minf", tables));
    const item = [0, 1, 0, 0, 0, 1, ...uint32(at), ...uint32(5)];
    return Uint8Array.from([
      ...box("ftyp", ascii("avif"), zeros(4), ascii("avis")),
      ...box("meta", zeros(4), box("iloc", zeros(4), [0x44, 0, 0, 1], item)),
      ...box("moov", movie, box("trak", track, ...edits, mdia)),
      ...box("mdat", media),
    ]);
  };
  return build(build(0).length - media.length);
}

const shapes = [
  ["without an edit list", { isLong: false, hasEdits: false }],
  ["with an edit list of its own", { isLong: false, hasEdits: true }],
  ["with long times", { isLong: true, hasEdits: true }],
] as const;

describe("how often an animated AVIF plays", () => {
  for (const [name, shape] of shapes) {
    test.each([
      ["for ever", true],
      ["once", false],
    ] as const)(`is set in a file ${name}: %s`, (plays, loops) => {
      const changed = withLoop(animation(shape), loops);
      expect(readAnimatedAvif(changed)).toEqual({
        brand: "avis",
        width: 128,
        height: 72,
        frames: 2,
        seconds: 2,
        plays,
        startsAtItsFrames: true,
      });
      expect(changed.subarray(-media.length)).toEqual(Uint8Array.from(media));
      expect(withLoop(changed, loops)).toEqual(changed);
    });
  }

  test("is set in no file that is something else", async () => {
    const directory = await openTemporaryDirectory();
    const path = join(directory.path, "a.avif");
    const whole = animation({ isLong: false, hasEdits: false });
    for (const bytes of [ascii("no avif at all"), [], [...whole.subarray(0, 200)]]) {
      await Bun.write(path, Uint8Array.from(bytes));
      expect(await codeOf(setAvifLoop(path, true))).toBe("i2v_failed");
    }
    await directory.close();
  });
});
