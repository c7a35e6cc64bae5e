import type { ClipInfo } from "../media.ts";
import { readAv1Config } from "./av1-config.ts";
import { readH264Config } from "./h264-config.ts";
import { findBox, fourCharacters, getBox, Mp4Error, readBoxes, subView } from "./mp4-boxes.ts";

/** What the tables of a video track say. */
export interface VideoTrack extends Omit<ClipInfo, "hasAudio" | "isFastStart"> {
  /** Where the last byte of its frames lies in the file, exclusive. */
  readonly mediaEnd: number;
}

/** An hour at 30 frames a second. A table that claims more is made to keep us busy. */
const framesMax = 108_000;

/** Sample entry types (MP4 registration authority), as ffprobe names their codecs. */
const codecs: { readonly [type: string]: string } = {
  avc1: "h264",
  avc3: "h264",
  hev1: "hevc",
  hvc1: "hevc",
  av01: "av1",
  vp09: "vp9",
  mp4v: "mpeg4",
};

/** Where a codec says what its pictures are; of the others it is not known. */
const configReaders: {
  readonly [codec: string]: {
    readonly box: string;
    readonly read: typeof readH264Config | typeof readAv1Config;
  };
} = {
  h264: { box: "avcC", read: readH264Config },
  av1: { box: "av1C", read: readAv1Config },
};

/** The kind of a `trak`: `vide`, `soun` and others. */
export function handlerOf(track: DataView): string {
  return fourCharacters(getBox(track, "mdia", "hdlr"), 8);
}

/** Reads a video `trak`. @throws Mp4Error, RangeError when the tables are broken. */
export function readVideoTrack(track: DataView): VideoTrack {
  const information = getBox(track, "mdia", "minf");
  refuseForeignMedia(information);
  const tables = getBox(information, "stbl");
  const timescale = readTimescale(getBox(track, "mdia", "mdhd"));
  const { frames, duration } = readTimes(getBox(tables, "stts"));
  if (frames === 0 || duration === 0) throw new Mp4Error("there are no frames");
  return {
    ...readSampleEntry(getBox(tables, "stsd")),
    frames,
    fps: (frames * timescale) / duration,
    durationSeconds: duration / timescale,
    mediaEnd: endOfMedia(tables, frames),
  };
}

/** Frames that lie in another file would have to be fetched from there. */
function refuseForeignMedia(information: DataView): void {
  const references = getBox(information, "dinf", "dref");
  const isOwn = ({ body }: { readonly body: DataView }) => (body.getUint32(0) & 1) === 1;
  if (!readBoxes(subView(references, 8)).every(isOwn)) {
    throw new Mp4Error("its frames lie in another file");
  }
}

function readTimescale(header: DataView): number {
  const timescale = header.getUint32(header.getUint8(0) === 1 ? 20 : 12);
  if (timescale === 0) throw new Mp4Error("its time has no scale");
  return timescale;
}

function readTimes(table: DataView): { readonly frames: number; readonly duration: number } {
  let frames = 0;
  let duration = 0;
  for (const offset of rowsOf(table, 8)) {
    const count = table.getUint32(offset);
    frames += count;
    duration += count * table.getUint32(offset + 4);
  }
  if (frames > framesMax) throw new Mp4Error(`there are more than ${framesMax} frames`);
  return { frames, duration };
}

function readSampleEntry(descriptions: DataView) {
  const entry = readBoxes(subView(descriptions, 8))[0];
  if (!entry) throw new Mp4Error("the codec is not named");
  const codec = codecs[entry.type] ?? entry.type.trim();
  const extensions = subView(entry.body, 78);
  const config = readConfig(codec, extensions);
  return {
    codec,
    profile: config?.profile,
    pixelFormat: config === undefined ? "unknown" : withRange(config.pixelFormat, extensions),
    width: entry.body.getUint16(24),
    height: entry.body.getUint16(26),
  };
}

function readConfig(codec: string, extensions: DataView) {
  const reader = configReaders[codec];
  const record = reader && findBox(extensions, reader.box);
  return record && reader.read(new Uint8Array(record.buffer, record.byteOffset, record.byteLength));
}

/** ffmpeg gives 8-bit YCbCr in the full range names of its own. */
function withRange(pixelFormat: string, extensions: DataView): string {
  const colour = findBox(extensions, "colr");
  const isFull =
    colour !== undefined &&
    fourCharacters(colour, 0) === "nclx" &&
    (colour.getUint8(10) & 0x80) !== 0;
  return isFull ? pixelFormat.replace(/^yuv(4\d\dp)$/, "yuvj$1") : pixelFormat;
}

/**
 * Walks all chunks, as a player would: each of the frames has a size, and all of them a place.
 * @returns the end of the last chunk in the file.
 */
function endOfMedia(tables: DataView, frames: number): number {
  const sizes = getBox(tables, "stsz");
  const sizeOfAll = sizes.getUint32(4);
  if (sizes.getUint32(8) !== frames) throw new Mp4Error("its tables count different frames");
  const sizeOf = (frame: number) => sizeOfAll || sizes.getUint32(12 + 4 * frame);
  const chunkOffsets = readChunkOffsets(tables);
  const frameCounts = framesPerChunk(getBox(tables, "stsc"), chunkOffsets.length);
  let frame = 0;
  let end = 0;
  for (const [chunk, start] of chunkOffsets.entries()) {
    const next = Math.min(frames, frame + (frameCounts[chunk] ?? 0));
    let size = 0;
    for (; frame < next; frame++) size += sizeOf(frame);
    end = Math.max(end, start + size);
  }
  if (frame !== frames) throw new Mp4Error("some of its frames have no place");
  return end;
}

function readChunkOffsets(tables: DataView): readonly number[] {
  const short = findBox(tables, "stco");
  if (short) return [...rowsOf(short, 4)].map((offset) => short.getUint32(offset));
  const long = getBox(tables, "co64");
  return [...rowsOf(long, 8)].map((offset) => Number(long.getBigUint64(offset)));
}

/** The table names the first chunk of each run of chunks that hold equally many frames. */
function framesPerChunk(table: DataView, chunks: number): Uint32Array {
  const counts = new Uint32Array(chunks);
  let first = 0;
  let count = 0;
  for (const offset of rowsOf(table, 12)) {
    const next = table.getUint32(offset) - 1;
    if (next < first || next > chunks) throw new Mp4Error("a chunk is out of order");
    counts.fill(count, first, next);
    first = next;
    count = table.getUint32(offset + 4);
  }
  counts.fill(count, first);
  return counts;
}

/** Where the rows of a table begin: four bytes of version and flags, a count, then the rows. */
function* rowsOf(table: DataView, rowBytes: number): Generator<number> {
  const rows = table.getUint32(4);
  if (rows > framesMax || 8 + rows * rowBytes > table.byteLength) {
    throw new Mp4Error("a table is longer than its box");
  }
  for (let row = 0; row < rows; row++) yield 8 + row * rowBytes;
}
