/** Boxes of an mp4 by hand, so that each can be wrong in its own way. */
export type BoxPart = string | Uint8Array | readonly number[];

export function box(type: string, ...parts: readonly BoxPart[]): Uint8Array {
  const body = Buffer.concat(
    parts.map((part) =>
      typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part),
    ),
  );
  return new Uint8Array(Buffer.concat([u32(8 + body.length), Buffer.from(type, "latin1"), body]));
}

export function u32(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return new Uint8Array(bytes);
}

export interface ClipParts {
  readonly codec: string;
  readonly handler: string;
  readonly frames: number;
  readonly frameBytes: number;
  readonly timescale: number;
  /** Where the frames lie; the flag 1 says that it is in this file. */
  readonly references: readonly Uint8Array[];
  readonly mediaBytes: number;
  /** Bodies of tables, in place of the right ones. */
  readonly stts: Uint8Array;
  readonly stsz: Uint8Array;
  readonly stsc: Uint8Array;
  /** In place of `stco`. */
  readonly chunkOffsets: (mediaStart: number) => Uint8Array;
  readonly extensions: readonly Uint8Array[];
  readonly inIndex: readonly Uint8Array[];
  readonly withoutIndex: boolean;
}

/** Version and flags, then 32-bit values. */
export const full = (...values: readonly number[]) => u32(0, ...values);

/** H.264 Constrained Baseline, as far as the profile. */
const avcC = box("avcC", [1, 66, 0xc0, 30, 0xff, 0xe1, 0, 4, 0x67, 66, 0xc0, 30, 0]);

/** Four frames of 25 bytes, ten a second, index first. */
export function clipOf(changes: Partial<ClipParts> = {}): Uint8Array {
  const { frames = 4, frameBytes = 25, withoutIndex = false } = changes;
  const mediaBytes = changes.mediaBytes ?? frames * frameBytes;
  const typeBox = box("ftyp", "isom", u32(512), "isom");
  const media = box("mdat", new Uint8Array(mediaBytes));
  const indexFor = (mediaStart: number) =>
    withoutIndex
      ? new Uint8Array()
      : box("moov", trackOf(changes, mediaStart), ...(changes.inIndex ?? []));
  const mediaStart = typeBox.length + indexFor(0).length + 8;
  return new Uint8Array(Buffer.concat([typeBox, indexFor(mediaStart), media]));
}

function trackOf(changes: Partial<ClipParts>, mediaStart: number): Uint8Array {
  const { codec = "avc1", handler = "vide", frames = 4, frameBytes = 25 } = changes;
  const { timescale = 1000, references = [box("url ", u32(1))], extensions = [] } = changes;
  const entry = [new Uint8Array(24), [0x01, 0x40, 0x00, 0xb4], new Uint8Array(50)];
  const tables = [
    box("stsd", full(1), box(codec, ...entry, ...(codec === "avc1" ? [avcC] : []), ...extensions)),
    box("stts", changes.stts ?? full(1, frames, 100)),
    box("stsz", changes.stsz ?? full(frameBytes, frames)),
    box("stsc", changes.stsc ?? full(1, 1, frames, 1)),
    changes.chunkOffsets?.(mediaStart) ?? box("stco", full(1, mediaStart)),
  ];
  return box(
    "trak",
    box(
      "mdia",
      box("mdhd", full(0, 0, timescale, 0, 0)),
      box("hdlr", full(0), handler, new Uint8Array(13)),
      box(
        "minf",
        box("dinf", box("dref", full(references.length), ...references)),
        box("stbl", ...tables),
      ),
    ),
  );
}
