import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { probeClip } from "../../../src/media/mp4/probe.ts";
import { errorOf } from "../../support/app-error.ts";
import { box, clipOf, full, u32 } from "../../support/mp4-maker.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

const encoded = join(import.meta.dir, "../../fixtures/sound-index-last.mp4");

async function probe(bytes: Uint8Array) {
  const path = join(directory.path, `${crypto.randomUUID()}.mp4`);
  await Bun.write(path, bytes);
  return probeClip(path);
}

describe("what a clip is", () => {
  test("is read from a file that ffmpeg made", async () => {
    expect(await probeClip(encoded)).toEqual({
      codec: "h264",
      profile: "High",
      pixelFormat: "yuv420p",
      width: 64,
      height: 48,
      fps: 15,
      frames: 15,
      durationSeconds: 1,
      hasAudio: true,
      isFastStart: false,
    });
  });

  test("is read from the smallest file that is whole", async () => {
    expect(await probe(clipOf())).toEqual({
      codec: "h264",
      profile: "Constrained Baseline",
      pixelFormat: "yuv420p",
      width: 320,
      height: 180,
      fps: 10,
      frames: 4,
      durationSeconds: 0.4,
      hasAudio: false,
      isFastStart: true,
    });
  });

  test("frames of one size, in chunks of several sizes, at 64-bit places", async () => {
    const clip = clipOf({
      stsc: full(2, 1, 3, 1, 2, 1, 1),
      chunkOffsets: (start) => box("co64", full(2, 0, start, 0, start + 75)),
    });
    expect(await probe(clip)).toMatchObject({ frames: 4 });
  });

  test("another codec is named, and nothing is made up about it", async () => {
    expect(await probe(clipOf({ codec: "hvc1" }))).toMatchObject({
      codec: "hevc",
      profile: undefined,
      pixelFormat: "unknown",
    });
  });

  test("full-range colour has a name of its own", async () => {
    const colr = box("colr", "nclx", [0, 1, 0, 1, 0, 1, 0x80]);
    expect(await probe(clipOf({ extensions: [colr] }))).toMatchObject({ pixelFormat: "yuvj420p" });
  });
});

describe("a clip is refused", () => {
  test.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(), /the file is empty/],
    ["a file of one byte", new Uint8Array(1), /cut off/],
    ["a PNG named .mp4 [P14]", new TextEncoder().encode("\x89PNG\r\n\x1a\n0000IHDR"), /./],
    ["a page named .mp4 [P14]", new TextEncoder().encode("<!doctype html><p>hello"), /./],
    ["without an index", clipOf({ withoutIndex: true }), /it has no index/],
    ["sound only [P16]", clipOf({ handler: "soun" }), /there is no video/],
    ["no frames [P16]", clipOf({ frames: 0 }), /there are no frames/],
    ["4 hours of them [P16]", clipOf({ stts: full(1, 432_000, 1) }), /more than 108000 frames/],
    ["a fragmented file", clipOf({ inIndex: [box("mvex")] }), /fragmented/],
    [
      "frames in another file [P19]",
      clipOf({ references: [box("url ", u32(0))] }),
      /its frames lie in another file/,
    ],
    ["frames beyond the end [P15]", clipOf({ mediaBytes: 50 }), /cut off/],
    ["tables that disagree", clipOf({ stsz: full(25, 3) }), /count different frames/],
    ["frames without a place", clipOf({ stsc: full(1, 1, 1, 1) }), /have no place/],
    ["chunks out of order", clipOf({ stsc: full(2, 2, 1, 1, 1, 1, 1) }), /out of order/],
    ["a table longer than its box", clipOf({ stsc: full(90, 1, 4, 1) }), /longer than its box/],
    ["a time without a scale", clipOf({ timescale: 0 }), /no scale/],
    ["a box that says it is tiny", box("ftyp").with(3, 4), /says that it has 4 bytes/],
    ["a box that ends too late", box("ftyp", "isom").with(3, 90), /cut off/],
    ["a thousand boxes", joined(Array.from({ length: 1001 }, () => box("ftyp"))), /too many/],
  ])("%s", async (_, bytes, reason) => {
    const error = await errorOf(probe(bytes));
    expect([error.code, error.retry]).toEqual(["i2v_failed", false]);
    expect(error.message).toMatch(/^the clip is no usable mp4: /);
    expect(error.message).toMatch(reason);
  });

  test("that is not there", async () => {
    const error = await errorOf(probeClip(join(directory.path, "nowhere.mp4")));
    expect([error.code, error.message]).toEqual(["i2v_failed", "there is no clip to read"]);
  });

  test("at whatever byte it is cut", async () => {
    const whole = await Bun.file(encoded).bytes();
    const clips = [whole, clipOf()];
    for (const clip of clips) {
      const step = Math.ceil(clip.length / 200);
      for (let length = 0; length < clip.length; length += step) {
        expect((await errorOf(probe(clip.subarray(0, length)))).code).toBe("i2v_failed");
      }
    }
  });

  test("or read, but never a crash, whatever byte is changed", async () => {
    const whole = clipOf();
    for (let index = 0; index < whole.length; index += 3) {
      const changed = await probe(whole.with(index, 0xff)).catch((error) => error.code);
      expect(typeof changed === "object" || changed === "i2v_failed").toBe(true);
    }
  });
});

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
