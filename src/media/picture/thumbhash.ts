import { rgbaToThumbHash } from "thumbhash";
import { loadSharp } from "./sharp.ts";

/** The library takes no longer side; the hash keeps far less than that. */
const sideMax = 100;

/**
 * A picture in some 25 bytes: its average colour, its ratio and a blur of what it shows, for a
 * page to paint while the picture loads.
 * @param picture a finished picture, as JPEG.
 * @returns base64 of its ThumbHash (https://evanw.github.io/thumbhash/).
 */
export async function thumbhashOf(picture: Uint8Array): Promise<string> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(picture)
    .resize(sideMax, sideMax, { fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString("base64");
}
