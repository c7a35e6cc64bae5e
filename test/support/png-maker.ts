import { crc32, deflateSync } from "node:zlib";

/** A chunk of a PNG, with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return new Uint8Array(chunk);
}

export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Whole chunks between header and picture, and after the picture. */
  readonly before?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
}

/** A black 1-bit PNG: 400 million pixels of it are 49 kB. */
export function blackPng({ width, height, before = [], after = [] }: PngParts): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rowBytes = 1 + Math.ceil(width / 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      pngChunk("IHDR", header),
      ...before,
      pngChunk("IDAT", deflateSync(Buffer.alloc(rowBytes * height), { level: 9 })),
      ...after,
      pngChunk("IEND", new Uint8Array()),
    ]),
  );
}
