import { AppError } from "../../errors.ts";
import { inspectPicture, type Picture } from "../../media/picture/picture.ts";
import { loadSharp } from "../../media/picture/sharp.ts";
import { uploadBytesMax } from "./upload-file.ts";

type Sharp = ReturnType<Awaited<ReturnType<typeof loadSharp>>>;

/** An uploaded picture, fit to be stored and shown to anybody. */
export interface PreparedPicture
  extends Pick<Picture, "extension" | "contentType" | "width" | "height"> {
  /** Of the file that was written. */
  readonly bytes: number;
}

interface Writing extends Pick<Picture, "extension" | "contentType"> {
  readonly encode: (picture: Sharp) => Sharp;
}

const jpeg = (quality: number, chromaSubsampling: string): Writing => ({
  extension: "jpg",
  contentType: "image/jpeg",
  encode: (picture) => picture.jpeg({ quality, chromaSubsampling }),
});
const webp = (quality: number): Writing => ({
  extension: "webp",
  contentType: "image/webp",
  encode: (picture) => picture.webp({ quality }),
});
const png: Writing = {
  extension: "png",
  contentType: "image/png",
  encode: (picture) => picture.png(),
};
/** Only for what has few colours: it keeps them as they are, or next to it. */
const palettePng: Writing = {
  ...png,
  encode: (picture) => picture.png({ palette: true, dither: 0, effort: 1 }),
};

/**
 * How a picture is written anew: nearly lossless, for this is the source of a clip, unless that
 * makes it larger than a source may be. A small file can hold very many details at a low quality
 * or in few colours, which a better way of writing has to spell out.
 */
const writings: Readonly<Record<Picture["format"], readonly Writing[]>> = {
  png: [png, palettePng, webp(75), webp(40)],
  jpeg: [jpeg(95, "4:4:4"), jpeg(88, "4:2:0"), jpeg(75, "4:2:0"), jpeg(50, "4:2:0")],
  webp: [webp(95), webp(85), webp(70), webp(50)],
};

/**
 * Checks an uploaded picture by its content and writes it anew to `path`: upright, with its colour
 * profile and nothing else. Where a photograph was taken, and whatever hides behind its pixels, is
 * not published with it.
 * @throws AppError `source_unsupported`, `source_too_large`, `r2_write_failed`.
 */
export async function prepareUpload(received: Uint8Array, path: string): Promise<PreparedPicture> {
  const { format, width, height } = await inspectPicture(received);
  const sharp = await loadSharp();
  const { isPalette = false } = await sharp(received).metadata();
  const fitting = writings[format].filter((writing) => isPalette || writing !== palettePng);
  for (const { encode, extension, contentType } of fitting) {
    const picture = sharp(received, { autoOrient: true }).keepIccProfile();
    const { size: bytes } = await encode(picture).toFile(path).catch(refuseUnwritten);
    if (bytes <= uploadBytesMax) return { bytes, extension, contentType, width, height };
  }
  throw new AppError("source_too_large", "file exceeds 10 MB limit");
}

/** It was decoded to its end before: what fails now is the disk. */
function refuseUnwritten(cause: unknown): never {
  throw new AppError("r2_write_failed", "the picture cannot be written", { cause });
}
