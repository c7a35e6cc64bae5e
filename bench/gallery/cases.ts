import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Mode, type Motion, modes, motions } from "../../src/scene/plan.ts";
import {
  type PictureFixture,
  pictureFixture,
  pictureFixtures,
} from "../../test/support/pictures/picture-fixtures.ts";
import { wholeNumber } from "../measure/options.ts";

/** What the gallery is asked for. */
export interface GalleryOptions {
  readonly cases: readonly GalleryCase[];
  readonly longSide: number;
  readonly seconds: number;
  readonly seed: number;
  readonly minutesMax: number;
  readonly folder: string;
  /** Also renders what is there already and would come out the same. */
  readonly again: boolean;
}

/** One clip of the gallery. */
export interface GalleryCase {
  readonly fixture: PictureFixture;
  readonly motion: Motion;
  readonly mode: Mode;
}

const root = join(import.meta.dir, "../..");

/** Reads the command line. @throws Error that names what is wrong with it. */
export function parseGalleryOptions(args: readonly string[]): GalleryOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      motion: { type: "string", default: motions.join(",") },
      mode: { type: "string", default: modes.join(",") },
      "long-side": { type: "string", default: "640" },
      seconds: { type: "string", default: "4" },
      seed: { type: "string", default: "7" },
      minutes: { type: "string", default: "60" },
      out: { type: "string", default: join(root, "dist/gallery") },
      again: { type: "boolean", default: false },
    },
  });
  const fixtures = values.only?.split(",").map(pictureFixture) ?? pictureFixtures;
  const wantedMotions = chosen("motion", values.motion, motions);
  const wantedModes = chosen("mode", values.mode, modes);
  return {
    cases: fixtures.flatMap((fixture) =>
      wantedModes.flatMap((mode) => wantedMotions.map((motion) => ({ fixture, motion, mode }))),
    ),
    longSide: wholeNumber("long-side", values["long-side"], { min: 128, max: 1280 }),
    seconds: wholeNumber("seconds", values.seconds, { min: 2, max: 8 }),
    seed: wholeNumber("seed", values.seed, { min: 0, max: 2 ** 31 - 1 }),
    minutesMax: wholeNumber("minutes", values.minutes, { min: 1, max: 600 }),
    folder: values.out,
    again: values.again,
  };
}

function chosen<T extends string>(name: string, text: string, known: readonly T[]): readonly T[] {
  return text.split(",").map((word) => {
    const found = known.find((each) => each === word);
    if (found !== undefined) return found;
    throw new Error(`--${name}: got ${JSON.stringify(word)}, expected ${known.join(", ")}`);
  });
}

/** Where the files of a case are, from the gallery's folder. */
export function fileOf({ fixture, motion, mode }: GalleryCase, extension: string): string {
  return `${fixture.name}/${mode}-${motion}.${extension}`;
}
