import { samplePath } from "../render-fixtures.ts";
import { cachedPicture } from "./cache.ts";
import { facade, facadeLines, type StraightLine } from "./facade.ts";
import { chart, illustration, lineArt, logo, screenshot, textPage } from "./graphics.ts";
import { lake } from "./landscape.ts";
import { macro } from "./macro.ts";
import {
  animatedWebp,
  cmyk,
  cutOutCup,
  greyscale,
  group,
  historicalPath,
  sixteenBits,
  tiny,
  turnedByExif,
} from "./photographs.ts";

/** A picture that the engine, sight, the gallery and the benchmarks are tried on. */
export interface PictureFixture {
  /** Unique, in kebab-case: it names files and tests. */
  readonly name: string;
  /** Why it is here. */
  readonly covers: string;
  /** What it should be taken for; a sheet of photographs may be taken for both. */
  readonly kind: "photo" | "graphic" | "either";
  /** What is certainly in it; what is not named here may be there, too. */
  readonly holds?: readonly ("sky" | "water" | "foliage")[];
  /** How many faces a person would count. */
  readonly faces?: number;
  /** Edges that are straight in the picture, where they are known. */
  readonly lines?: readonly StraightLine[];
  /** Of a file on this machine; one that has to be made is made now and kept. */
  path(): Promise<string>;
}

type Described = Omit<PictureFixture, "path">;

const kept = (path: string, fixture: Described): PictureFixture => ({
  ...fixture,
  path: async () => path,
});

const made = (
  extension: "jpg" | "png" | "webp",
  make: () => Promise<Uint8Array>,
  fixture: Described,
): PictureFixture => ({
  ...fixture,
  path: () => cachedPicture(`${fixture.name}.${extension}`, make),
});

const photo = (name: string, covers: string, more: Partial<Described> = {}): Described => ({
  name,
  covers,
  kind: "photo",
  ...more,
});

const graphic = (name: string, covers: string, more: Partial<Described> = {}): Described => ({
  name,
  covers,
  kind: "graphic",
  ...more,
});

const photographs: readonly PictureFixture[] = [
  kept(samplePath("portrait"), photo("portrait", "person close up", { faces: 1 })),
  kept(samplePath("coffee"), photo("coffee", "object on plain ground")),
  kept(samplePath("cat"), photo("cat", "animal close up")),
  kept(samplePath("rocket"), photo("rocket", "night")),
  kept(
    historicalPath("french-alpine-landscape"),
    photo("alpine", "landscape with sky", { holds: ["sky", "foliage"] }),
  ),
  kept(historicalPath("nagasaki-boats"), photo("boats", "water, masts", { holds: ["water"] })),
  kept(historicalPath("dust-bowl-home"), photo("home", "house under a sky", { holds: ["sky"] })),
  kept(historicalPath("airplane-from-above"), photo("airplane", "from above, no horizon")),
  kept(historicalPath("allium-oreophilum"), photo("allium", "plant on plain ground")),
  kept(historicalPath("acanthus-mollis"), photo("acanthus", "portrait format, plant")),
  kept(historicalPath("locomotion-house-cat"), {
    name: "locomotion",
    covers: "a sheet of photographs with straight gaps",
    kind: "either",
  }),
];

const lakes: readonly PictureFixture[] = [
  made(
    "jpg",
    () => lake({ width: 1280, height: 800, seed: 5 }),
    photo("lake", "landscape with sky and water, in colour", { holds: ["sky", "water"] }),
  ),
  made(
    "jpg",
    () => lake({ width: 2400, height: 600, seed: 8 }),
    photo("panorama", "panorama 4:1", { holds: ["sky", "water"] }),
  ),
  made(
    "jpg",
    () => lake({ width: 720, height: 1280, seed: 13 }),
    photo("tall-lake", "portrait format, landscape", { holds: ["sky", "water"] }),
  ),
];

const composed: readonly PictureFixture[] = [
  made("jpg", group, photo("group", "group of people", { faces: 3 })),
  made("jpg", macro, photo("macro", "macro, blurred ground")),
  made(
    "jpg",
    () => facade({ width: 1440, height: 960 }),
    photo("facade", "architecture with straight lines", { holds: ["sky"], lines: facadeLines }),
  ),
  made(
    "jpg",
    () => facade({ width: 4096, height: 2730 }),
    photo("facade-4096", "4096 px, architecture", { holds: ["sky"], lines: facadeLines }),
  ),
];

const encodings: readonly PictureFixture[] = [
  made("jpg", tiny, photo("tiny", "256 px", { faces: 1 })),
  made("png", cutOutCup, photo("transparent", "transparent PNG")),
  made("jpg", greyscale, photo("greyscale", "one channel")),
  made("jpg", cmyk, photo("cmyk", "CMYK JPEG")),
  made("png", sixteenBits, photo("sixteen-bits", "16-bit PNG")),
  made("jpg", turnedByExif, photo("turned", "stored on its side, by EXIF")),
  made("webp", animatedWebp, photo("animated", "animated WebP")),
];

const edge = (x0: number, y0: number, x1: number, y1: number): StraightLine => ({
  from: { x: x0 / 1440, y: y0 / 900 },
  to: { x: x1 / 1440, y: y1 / 900 },
});

/** The bar's lower edge, the list's right one, the frame of the table. */
const screenLines: readonly StraightLine[] = [
  edge(0, 55.5, 1440, 55.5),
  edge(220.5, 56, 220.5, 900),
  edge(260, 232, 1408, 232),
  edge(1416, 240, 1416, 864),
];

const graphics: readonly PictureFixture[] = [
  made(
    "png",
    () => screenshot("light"),
    graphic("screenshot", "screenshot", { lines: screenLines }),
  ),
  made(
    "png",
    () => screenshot("dark"),
    graphic("screenshot-dark", "dark screenshot", { lines: screenLines }),
  ),
  made("png", chart, graphic("chart", "chart")),
  made("png", textPage, graphic("text", "a page of text, portrait format")),
  made("png", lineArt, graphic("line-art", "line art")),
  made("png", () => logo("white"), graphic("logo", "logo")),
  made("png", () => logo("transparent"), graphic("logo-transparent", "logo on nothing")),
  made("png", illustration, graphic("illustration", "illustration in flat colours")),
];

/** Every kind of picture that people bring; tests, the gallery and benchmarks go through them. */
export const pictureFixtures: readonly PictureFixture[] = [
  ...photographs,
  ...lakes,
  ...composed,
  ...encodings,
  ...graphics,
];

/** @throws Error that lists the names when there is no such fixture. */
export function pictureFixture(name: string): PictureFixture {
  const found = pictureFixtures.find((fixture) => fixture.name === name);
  if (found) return found;
  const names = pictureFixtures.map((fixture) => fixture.name).join(", ");
  throw new Error(`there is no picture ${name}; there are ${names}`);
}
