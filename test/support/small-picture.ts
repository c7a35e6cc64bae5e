import { join } from "node:path";
import sharp from "sharp";

/** The smallest picture that may be animated, so that a clip of it costs as little as can be. */
export async function smallPicture(): Promise<Uint8Array<ArrayBuffer>> {
  const photograph = join(import.meta.dir, "..", "..", "assets", "samples", "coffee.jpg");
  return new Uint8Array(await sharp(photograph).resize(256, 256).png().toBuffer());
}
