/** The size that a file claims, as it is stored: before any turning, and before any decoding. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Reads the header of a WebP (RFC 9649 §2.5 to §2.7); undefined when there is no whole one. */
export function readWebpSize(bytes: Uint8Array): PictureSize | undefined {
  if (bytes.length < 30) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunk = String.fromCharCode(...bytes.subarray(12, 16));
  if (chunk === "VP8 ") {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (chunk === "VP8X") {
    const size24 = (at: number) => 1 + (view.getUint32(at, true) & 0xffffff);
    return { width: size24(24), height: 1 + (view.getUint32(26, true) >>> 8) };
  }
  return undefined;
}

/**
 * Walks the segments of a JPEG (ITU-T T.81 §B.1) to its frame header; undefined when the picture
 * begins, or the file ends, without one.
 */
export function readJpegSize(bytes: Uint8Array): PictureSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 2; offset + 9 <= bytes.length; ) {
    if (bytes[offset] !== 0xff) return undefined;
    const marker = bytes[offset + 1] ?? 0;
    // A marker may be preceded by any number of 0xFF.
    if (marker === 0xff) {
      offset++;
      continue;
    }
    if (isFrameHeader(marker)) {
      return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
    }
    const isStandalone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (marker === 0xda || marker === 0xd9) return undefined;
    offset += isStandalone ? 2 : 2 + view.getUint16(offset + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, among which stand three that are something else. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
