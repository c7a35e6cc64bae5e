import { AppError } from "../../errors.ts";
import { findBox, getBox, type Mp4Box, Mp4Error, readBoxes, subView } from "./mp4-boxes.ts";

/** An animated image of ours is a few megabytes. */
const fileBytesMax = 64 * 1024 * 1024;

/** Of a box that is not long, as none in files of this size is. */
const headerBytes = 8;

/**
 * Writes into an animated AVIF whether it begins again after its end. ffmpeg before 6 has no way
 * to say it, and without a word of it browsers repeat for ever.
 * @throws AppError `i2v_failed` when the file is no animated AVIF.
 */
export async function setAvifLoop(path: string, loops: boolean): Promise<void> {
  const file = Bun.file(path);
  try {
    if (file.size > fileBytesMax) throw new Mp4Error("it is too large");
    await Bun.write(path, withLoop(await file.bytes(), loops));
  } catch (cause) {
    if (!(cause instanceof Mp4Error || cause instanceof RangeError)) throw cause;
    throw new AppError("i2v_failed", `the avif cannot be read: ${cause.message}`, { cause });
  }
}

/**
 * The same file with one edit list in each track: of all its frames, to be repeated or not
 * (ISO/IEC 23008-12 §9.6.1 with 14496-12 §8.6.6: a repeated list plays until the track ends).
 * What lies behind the index moves, and everything that points there with it.
 */
export function withLoop(bytes: Uint8Array, loops: boolean): Uint8Array {
  const boxes = readBoxes(viewOf(bytes));
  const index = boxes.find(({ type }) => type === "moov");
  if (!index) throw new Mp4Error("the box moov is missing");
  const newIndex = loopedIndex(index.body, loops);
  const result = joined(boxes.map((box) => (box === index ? newIndex : wholeOf(box))));
  const indexStart = index.body.byteOffset - bytes.byteOffset;
  movePointers(viewOf(result), indexStart, result.length - bytes.length);
  return result;
}

function loopedIndex(index: DataView, loops: boolean): Uint8Array {
  const media = getBox(index, "trak", "mdia", "mdhd");
  const timescale = getBox(index, "mvhd").getUint32(timesAt(getBox(index, "mvhd")).timescale);
  // ffmpeg before 6 leaves the duration of the whole at 0.
  const seconds =
    readDuration(media, timesAt(media).duration) / media.getUint32(timesAt(media).timescale);
  const duration = Math.round(seconds * timescale);
  const parts = readBoxes(index).map((box) => {
    if (box.type === "trak") return loopedTrack(box.body, duration, loops);
    if (box.type === "mvhd") return withDuration(box, timesAt(box.body).duration, duration);
    return wholeOf(box);
  });
  return container("moov", parts);
}

function loopedTrack(track: DataView, duration: number, loops: boolean): Uint8Array {
  const list = new DataView(new ArrayBuffer(20));
  // Version 0, and the flag of a list that is repeated.
  list.setUint32(0, loops ? 1 : 0);
  list.setUint32(4, 1);
  list.setUint32(8, duration);
  list.setUint32(16, 0x10000);
  const edits = container("edts", [container("elst", [bytesOf(list)])]);
  const parts = readBoxes(track)
    .filter(({ type }) => type !== "edts")
    .flatMap((box) => {
      if (box.type !== "tkhd") return [wholeOf(box)];
      return [trackHeader(box.body, loops ? "endless" : duration), edits];
    });
  return container("trak", parts);
}

/** Where `mvhd` and `mdhd` hold their times (ISO/IEC 14496-12 §8.2.2, §8.4.2). */
function timesAt(header: DataView): { readonly timescale: number; readonly duration: number } {
  return isLong(header) ? { timescale: 20, duration: 24 } : { timescale: 12, duration: 16 };
}

/** Version 1 of a header, with times of eight bytes. */
function isLong(header: DataView): boolean {
  return header.getUint8(0) === 1;
}

function readDuration(header: DataView, at: number): number {
  return isLong(header) ? Number(header.getBigUint64(at)) : header.getUint32(at);
}

function withDuration(box: Mp4Box, at: number, duration: number): Uint8Array {
  const bytes = wholeOf(box).slice();
  const body = viewOf(bytes.subarray(headerBytes));
  if (isLong(box.body)) body.setBigUint64(at, BigInt(duration));
  else body.setUint32(at, duration);
  return bytes;
}

/**
 * A `tkhd` of version 1 with another duration. All ones are a track that has no end (§8.3.2);
 * browsers know that of the long form only, and take the short one for a number.
 */
function trackHeader(header: DataView, duration: number | "endless"): Uint8Array {
  const old = bytesOf(header);
  const [dates, identity, rest] = isLong(header) ? [8, 20, 36] : [4, 12, 24];
  const created = joined([new Uint8Array(8 - dates), old.subarray(4, 4 + dates)]);
  const modified = joined([new Uint8Array(8 - dates), old.subarray(4 + dates, 4 + 2 * dates)]);
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, duration === "endless" ? 2n ** 64n - 1n : BigInt(duration));
  return container("tkhd", [
    Uint8Array.of(1),
    old.subarray(1, 4),
    created,
    modified,
    old.subarray(identity, identity + 8),
    bytesOf(length),
    old.subarray(rest),
  ]);
}

/** Corrects the places that are given from the start of the file. */
function movePointers(file: DataView, from: number, by: number): void {
  const move = (view: DataView, at: number) => {
    const place = view.getUint32(at);
    if (place > from) view.setUint32(at, place + by);
  };
  for (const { type, body } of readBoxes(getBox(file, "moov"))) {
    if (type !== "trak") continue;
    const chunks = getBox(body, "mdia", "minf", "stbl", "stco");
    const count = chunks.getUint32(4);
    for (let chunk = 0; chunk < count; chunk++) move(chunks, 8 + 4 * chunk);
  }
  const meta = findBox(file, "meta");
  const items = meta && getBox(subView(meta, 4), "iloc");
  if (items) moveItems(items, move);
}

/** The places of items (ISO/IEC 14496-12 §8.11.3), as ffmpeg writes them. */
function moveItems(items: DataView, move: (view: DataView, at: number) => void): void {
  // Version 0, offsets and lengths of four bytes, no base.
  if (items.getUint32(0) !== 0 || items.getUint16(4) !== 0x4400) {
    throw new Mp4Error("the places of its items are written in another way");
  }
  const count = items.getUint16(6);
  let at = 8;
  for (let item = 0; item < count; item++) {
    const extents = items.getUint16(at + 4);
    at += 6;
    for (let extent = 0; extent < extents; extent++, at += 8) move(items, at);
  }
}

function container(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(parts);
  const box = new Uint8Array(headerBytes + content.length);
  viewOf(box).setUint32(0, box.length);
  box.set(new TextEncoder().encode(type), 4);
  box.set(content, headerBytes);
  return box;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function wholeOf({ body }: Mp4Box): Uint8Array {
  const { buffer, byteOffset, byteLength } = body;
  return new Uint8Array(buffer, byteOffset - headerBytes, byteLength + headerBytes);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
