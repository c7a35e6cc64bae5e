import { join } from "node:path";
import sharp from "sharp";
import { samplePath } from "../render-fixtures.ts";
import { renderSvg } from "./graphics.ts";

/** Photographs as they came, and what can be made of them. Licences: test/fixtures/pictures. */

const packages = join(import.meta.dir, "../../../node_modules/@stdlib");

export type HistoricalName =
  | "acanthus-mollis"
  | "airplane-from-above"
  | "allium-oreophilum"
  | "dust-bowl-home"
  | "french-alpine-landscape"
  | "locomotion-house-cat"
  | "nagasaki-boats";

/** A photograph from the package `@stdlib/datasets-img-…`. */
export function historicalPath(name: HistoricalName): string {
  return join(packages, `datasets-img-${name}`, "data/image.jpg");
}

/** Three people side by side: one photograph, mirrored, in three sizes and tones. */
export async function group(): Promise<Buffer> {
  const size = { width: 1280, height: 720 };
  const people = [
    { left: 0, top: 200, side: 470, mirrored: true, tone: { hue: 14, brightness: 0.96 } },
    { left: 750, top: 130, side: 530, mirrored: true, tone: { hue: -10, brightness: 1.04 } },
    { left: 390, top: 60, side: 600, mirrored: false, tone: { hue: 0, brightness: 1 } },
  ];
  const ground = await sharp(samplePath("portrait"))
    .resize(size.width, size.height, { fit: "fill" })
    .blur(60)
    .toBuffer();
  const layers = await Promise.all(people.map((person) => cutOut(person, size)));
  return sharp(ground).composite(layers).jpeg({ quality: 92 }).toBuffer();
}

interface Person {
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly mirrored: boolean;
  readonly tone: { readonly hue: number; readonly brightness: number };
}

/** Softly round, so that nobody sees where one photograph ends and the next begins. */
async function cutOut({ left, top, side, mirrored, tone }: Person, frame: { height: number }) {
  const mask = await renderSvg(
    `<defs><radialGradient id="m" cx=".47" cy=".52" r=".52"><stop offset=".8"/>` +
      `<stop offset="1" stop-opacity="0"/></radialGradient></defs>` +
      `<rect width="${side}" height="${side}" fill="url(#m)"/>`,
    { width: side, height: side },
  );
  const person = await sharp(samplePath("portrait")).resize(side, side).modulate(tone).toBuffer();
  const masked = await sharp(person)
    .ensureAlpha()
    .composite([{ input: mask, blend: "dest-in" }])
    .png()
    .toBuffer();
  const turned = mirrored ? await sharp(masked).flop().toBuffer() : masked;
  const height = Math.min(side, frame.height - top);
  const input = await sharp(turned).extract({ left: 0, top: 0, width: side, height }).toBuffer();
  return { input, left, top };
}

/** A cup cut out of its table: a photograph with soft edges, on nothing. */
export async function cutOutCup(): Promise<Buffer> {
  const mask = await renderSvg(
    `<defs><filter id="b"><feGaussianBlur stdDeviation="6"/></filter></defs>` +
      `<ellipse cx="300" cy="210" rx="225" ry="165" filter="url(#b)"/>`,
    { width: 600, height: 400 },
  );
  return sharp(samplePath("coffee"))
    .ensureAlpha()
    .composite([{ input: mask, blend: "dest-in" }])
    .png()
    .toBuffer();
}

/** As a camera stores it that was held sideways: the pixels lie, and the file says so. */
export async function turnedByExif(): Promise<Buffer> {
  const lying = await sharp(samplePath("coffee")).rotate(-90).toBuffer();
  return sharp(lying).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
}

/** A picture that plays: the first frame is the one that counts. */
export async function animatedWebp(): Promise<Buffer> {
  const first = sharp(samplePath("cat")).resize(448, 296);
  const frames = [first, first.clone().flop()].map((frame) => frame.png().toBuffer());
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .webp({ quality: 85 })
    .toBuffer();
}

export const greyscale = () =>
  sharp(samplePath("rocket")).greyscale().toColourspace("b-w").jpeg({ quality: 90 }).toBuffer();

export const cmyk = () =>
  sharp(samplePath("coffee")).toColourspace("cmyk").jpeg({ quality: 92 }).toBuffer();

export const sixteenBits = () => sharp(samplePath("cat")).toColourspace("rgb16").png().toBuffer();

export const tiny = () =>
  sharp(samplePath("portrait")).resize(256, 256).jpeg({ quality: 90 }).toBuffer();
