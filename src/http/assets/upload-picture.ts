import { inspectPicture, type Picture } from "../../media/picture/picture.ts";
import { loadSharp } from "../../media/picture/sharp.ts";

/** An uploaded picture, fit to be stored and shown to anybody. */
export interface PreparedPicture
  extends Pick<Picture, "extension" | "contentType" | "width" | "height"> {
  readonly bytes: Uint8Array;
}

/** Nearly lossless: this is the source of a clip. */
const quality = 95;

/**
 * Checks an uploaded picture by its content and writes it anew: upright, with its colour profile
 * and nothing else. Where a photograph was taken, and whatever hides behind its pixels, is not
 * published with it.
 * @throws AppError `source_unsupported`, `source_too_large`.
 */
export async function prepareUpload(bytes: Uint8Array): Promise<PreparedPicture> {
  const { format, extension, contentType, width, height } = await inspectPicture(bytes);
  const sharp = await loadSharp();
  const picture = sharp(bytes, { autoOrient: true }).keepIccProfile();
  const rewritten = {
    png: () => picture.png(),
    jpeg: () => picture.jpeg({ quality, chromaSubsampling: "4:4:4" }),
    webp: () => picture.webp({ quality }),
  }[format]();
  return { bytes: await rewritten.toBuffer(), extension, contentType, width, height };
}
