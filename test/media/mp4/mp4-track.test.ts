import { describe, expect, test } from "bun:test";
import { getBox } from "../../../src/media/mp4/mp4-boxes.ts";
import { handlerOf, readVideoTrack } from "../../../src/media/mp4/mp4-track.ts";
import { box, type ClipParts, clipOf, full, u32 } from "../../support/mp4-maker.ts";

function trackOf(changes: Partial<ClipParts> = {}): DataView {
  const clip = clipOf(changes);
  return getBox(new DataView(clip.buffer, clip.byteOffset, clip.byteLength), "moov", "trak");
}

describe("a track", () => {
  test("says what it holds", () => {
    expect(handlerOf(trackOf())).toBe("vide");
    expect(handlerOf(trackOf({ handler: "soun" }))).toBe("soun");
  });

  test("counts frames by runs and by sizes, and finds the end of the last", () => {
    const sizes = [10, 20, 30, 40];
    const track = readVideoTrack(
      trackOf({
        stts: full(2, 1, 50, 3, 150),
        stsz: full(0, sizes.length, ...sizes),
        stsc: full(1, 1, 2, 1),
        chunkOffsets: () => box("stco", full(2, 1000, 500)),
      }),
    );
    expect(track).toMatchObject({ frames: 4, durationSeconds: 0.5, fps: 8, mediaEnd: 1030 });
  });

  test("made to keep us busy does not", () => {
    const rows = 108_000;
    const table = (row: Uint8Array) =>
      new Uint8Array(Buffer.concat([full(rows), Buffer.alloc(rows * row.length, row)]));
    const busy = trackOf({
      stsc: table(u32(1, 1, 1)),
      chunkOffsets: () => box("stco", table(u32(0))),
    });
    const startedMs = performance.now();
    expect(readVideoTrack(busy).frames).toBe(4);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  test("with one foreign reference among its own is refused [P19]", () => {
    const own = box("url ", u32(1));
    const foreign = box("url ", u32(0), "http://127.0.0.1/a.mov\0");
    expect(() => readVideoTrack(trackOf({ references: [own, foreign] }))).toThrow(
      "its frames lie in another file",
    );
  });
});
