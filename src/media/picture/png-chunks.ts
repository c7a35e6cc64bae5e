import { promisify } from "node:util";
import { inflate } from "node:zlib";
import type { PictureSize } from "./picture-size.ts";

/** A chunk of a PNG: four letters and its content. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signatureBytes = 8;
const inflateAsync = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflate);

/** The chunks of a PNG in their order, as far as they are whole. */
export function* readPngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = signatureBytes; offset + 12 <= bytes.length; ) {
    const length = view.getUint32(offset);
    const start = offset + 8;
    if (start + length + 4 > bytes.length) return;
    const type = String.fromCharCode(...bytes.subarray(offset + 4, start));
    yield { type, data: bytes.subarray(start, start + length) };
    if (type === "IEND") return;
    offset = start + length + 4;
  }
}

/** The size that the first chunk claims; undefined when that is no header. */
export function readPngSize(bytes: Uint8Array): PictureSize | undefined {
  const first = readPngChunks(bytes).next().value;
  if (first?.type !== "IHDR" || first.data.length !== 13) return undefined;
  const view = new DataView(first.data.buffer, first.data.byteOffset, first.data.byteLength);
  return { width: view.getUint32(0), height: view.getUint32(4) };
}

/**
 * Whether the texts and the colour profile of a PNG unpack to at most `bytesMax` altogether. The
 * decoder unpacks them all, whatever their size: 49 kB of them cost 250 MB.
 */
export async function unpacksWithin(bytes: Uint8Array, bytesMax: number): Promise<boolean> {
  let bytesLeft = bytesMax;
  for (const chunk of readPngChunks(bytes)) {
    const packed = packedPart(chunk);
    if (!packed) continue;
    try {
      bytesLeft -= (await inflateAsync(packed, { maxOutputLength: bytesLeft })).length;
    } catch {
      return false;
    }
    if (bytesLeft <= 0) return false;
  }
  return true;
}

/** The compressed part of a chunk that has one (PNG, third edition, §11.3.2.3 and §11.3.3). */
function packedPart({ type, data }: PngChunk): Uint8Array | undefined {
  const nameEnd = data.indexOf(0);
  if (nameEnd < 0) return undefined;
  if (type === "zTXt" || type === "iCCP") return data.subarray(nameEnd + 2);
  if (type !== "iTXt" || data[nameEnd + 1] !== 1) return undefined;
  const languageEnd = data.indexOf(0, nameEnd + 3);
  const keywordEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  return keywordEnd < 0 ? undefined : data.subarray(keywordEnd + 1);
}
