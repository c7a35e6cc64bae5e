import { AppError } from "../../errors.ts";
import { type PictureSize, readJpegSize, readWebpSize } from "./picture-size.ts";
import { readPngSize, unpacksWithin } from "./png-chunks.ts";
import { loadSharp } from "./sharp.ts";
import { sniffType } from "./sniff.ts";

/** A still that can be animated. */
export interface Picture {
  readonly format: "png" | "jpeg" | "webp";
  /** Of a file name, without the dot. */
  readonly extension: string;
  readonly contentType: string;
  /** As it is looked at: turned upright. */
  readonly width: number;
  readonly height: number;
  /** How it is stored (EXIF 2.32 §4.6.5): 1 is upright, 5 to 8 lie on their side. */
  readonly orientation: number;
}

export const pictureBytesMax = 10 * 1024 * 1024;
export const pictureSideMin = 256;
export const pictureSideMax = 4096;

/** Colour profiles and texts of honest pictures; the largest profiles have about 2 MB. */
const metadataBytesMax = 8 * 1024 * 1024;
const decodeSecondsMax = 10;
/** What the picture is reduced to while it is tried: JPEGs are then decoded at an eighth. */
const trialSide = 64;

const formats = [
  { format: "png", extension: "png", contentType: "image/png", readSize: readPngSize },
  { format: "jpeg", extension: "jpg", contentType: "image/jpeg", readSize: readJpegSize },
  { format: "webp", extension: "webp", contentType: "image/webp", readSize: readWebpSize },
] as const;

/** Every extension that a picture can be given. */
export const pictureExtensions = formats.map(({ extension }) => extension);

/**
 * Finds out by the bytes alone whether a still can be animated. What it is and how large it
 * claims to be is read before any of it is decoded; then it is decoded once to its end, because
 * a picture that is cut off looks whole from its beginning. Of an animation the first frame counts.
 * @throws AppError `source_unsupported`, `source_too_large`.
 */
export async function inspectPicture(source: string | Uint8Array): Promise<Picture> {
  const bytes = typeof source === "string" ? await readPicture(source) : source;
  if (bytes.length > pictureBytesMax) throw tooLarge();
  if (bytes.length === 0) throw unsupported("unsupported type: the file is empty");
  const type = sniffType(bytes);
  const found = formats.find(({ contentType }) => contentType === type);
  if (!found) throw unsupported(`unsupported type: ${type}`);
  const { readSize, ...kind } = found;
  const size = readSize(bytes);
  if (!size) throw unsupported(`the ${kind.format} is cut off or damaged: it has no header`);
  refuseSize(size);
  if (kind.format === "png" && !(await unpacksWithin(bytes, metadataBytesMax))) {
    throw unsupported("the png carries damaged or more than 8 MB of texts and colour profiles");
  }
  const upright = await tryDecoding(bytes, kind.format);
  refuseSize(upright);
  return { ...kind, ...upright };
}

async function readPicture(path: string): Promise<Uint8Array> {
  const file = Bun.file(path);
  try {
    const { size } = await file.stat();
    if (size > pictureBytesMax) throw tooLarge();
    return await file.bytes();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("source_unfetchable", "there is no picture to read", { cause });
  }
}

function refuseSize({ width, height }: PictureSize): void {
  if (Math.min(width, height) >= pictureSideMin && Math.max(width, height) <= pictureSideMax)
    return;
  throw unsupported(
    `the picture has ${width} by ${height} pixels; ` +
      `each side must have ${pictureSideMin} to ${pictureSideMax}`,
  );
}

async function tryDecoding(
  bytes: Uint8Array,
  format: string,
): Promise<PictureSize & { readonly orientation: number }> {
  const sharp = await loadSharp();
  try {
    const still = sharp(bytes, { autoOrient: true, limitInputPixels: pictureSideMax ** 2 });
    const { autoOrient, orientation = 1 } = await still.metadata();
    await still
      .resize(trialSide, trialSide, { fit: "inside" })
      .timeout({ seconds: decodeSecondsMax })
      .raw()
      .toBuffer();
    return { ...autoOrient, orientation };
  } catch (cause) {
    throw unsupported(`the ${format} is cut off or damaged: it cannot be decoded`, cause);
  }
}

function unsupported(message: string, cause?: unknown): AppError {
  return new AppError("source_unsupported", message, { cause });
}

function tooLarge(): AppError {
  return new AppError("source_too_large", "file exceeds 10 MB limit");
}
