import { findBox, fourCharacters, getBox, subView } from "../../src/media/mp4/mp4-boxes.ts";

/** What an animated AVIF says of itself, read from its boxes as a browser reads them. */
export function readAnimatedAvif(bytes: Uint8Array) {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const track = getBox(file, "moov", "trak");
  const tables = getBox(track, "mdia", "minf", "stbl");
  const header = getBox(track, "tkhd");
  const edits = getBox(track, "edts", "elst");
  const entry = subView(getBox(tables, "stsd"), 16);
  const movie = getBox(file, "moov", "mvhd");
  const timescale = movie.getUint32(movie.getUint8(0) === 1 ? 20 : 12);
  const mediaStart = getBox(file, "mdat").byteOffset - file.byteOffset;
  const items = getBox(subView(getBox(file, "meta"), 4), "iloc");
  return {
    brand: fourCharacters(getBox(file, "ftyp"), 0).replace("avif", brandOf(file)),
    width: entry.getUint16(24),
    height: entry.getUint16(26),
    frames: getBox(tables, "stsz").getUint32(8),
    seconds: edits.getUint32(8) / timescale,
    plays: (edits.getUint32(0) & 1) === 1 && isEndless(header) ? "for ever" : "once",
    startsAtItsFrames:
      getBox(tables, "stco").getUint32(8) === mediaStart && items.getUint32(14) === mediaStart,
  };
}

/** A sequence is named among the brands that the file goes with. */
function brandOf(file: DataView): string {
  const type = getBox(file, "ftyp");
  const brands = Array.from({ length: (type.byteLength - 8) / 4 }, (_, index) =>
    fourCharacters(type, 8 + 4 * index),
  );
  return brands.includes("avis") && findBox(file, "moov") ? "avis" : "avif";
}

/**
 * The duration of a track that does not end is all ones, in its long form: browsers take the short
 * one for a number.
 */
function isEndless(header: DataView): boolean {
  return header.getUint8(0) === 1 && header.getBigUint64(28) === 2n ** 64n - 1n;
}
