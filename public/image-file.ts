import { FileError } from "./problem.ts";

/** 10 MB as the server counts them. */
export const sizeBytesMax = 10 * 1024 * 1024;
const sidePxMin = 256;
const sidePxMax = 4096;

export interface Still {
  /** An object URL, to be revoked by whoever opened it. */
  readonly url: string;
  /** Width over height. */
  readonly ratio: number;
}

/** The picture in a file, once it is known that it can be shown and animated, else a FileError. */
export async function openStill(file: File): Promise<Still> {
  await checkFile(file);
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode().catch(() => {
      throw new FileError("That image is damaged. Open it, save it anew and drop it again.");
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    checkSides(width, height);
    return { url, ratio: width / height };
  } catch (thrown) {
    URL.revokeObjectURL(url);
    throw thrown;
  }
}

/**
 * Throws a FileError unless the file can be animated: at most 10 MB, and PNG, JPEG or WebP by its
 * first bytes, whatever its name says.
 */
export async function checkFile(file: File): Promise<void> {
  if (file.size === 0) throw new FileError("That file is empty. Drop a PNG, JPEG or WebP image.");
  if (file.size > sizeBytesMax) {
    const megabytes = (file.size / 1024 / 1024).toFixed(1);
    throw new FileError(
      `That file has ${megabytes} MB, and 10 MB is the most. Make it smaller and drop it again.`,
    );
  }
  const head = await file
    .slice(0, 12)
    .arrayBuffer()
    .catch(() => undefined);
  if (head === undefined) {
    throw new FileError("That could not be read. Drop a single image file, not a folder.");
  }
  if (imageType(new Uint8Array(head)) === undefined) {
    throw new FileError("That is not a PNG, JPEG or WebP image. Save it as one and drop it again.");
  }
}

/** Throws a FileError unless both sides are within what the server animates. */
export function checkSides(width: number, height: number): void {
  const isSmall = Math.min(width, height) < sidePxMin;
  if (!isSmall && Math.max(width, height) <= sidePxMax) return;
  const advice = isSmall ? "Use a larger picture." : "Scale it down and drop it again.";
  throw new FileError(
    `That image is ${width} × ${height}, and each side must have ` +
      `${sidePxMin} to ${sidePxMax} pixels. ${advice}`,
  );
}

/** The image type that the first twelve bytes announce. */
export function imageType(head: Uint8Array): "png" | "jpeg" | "webp" | undefined {
  const text = String.fromCharCode(...head.subarray(0, 12));
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("RIFF") && text.endsWith("WEBP")) return "webp";
  return undefined;
}
