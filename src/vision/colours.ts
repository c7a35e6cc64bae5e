import type { RgbPicture } from "../kernel/planes.ts";
import type { Field } from "../scene/field/field.ts";
import { distance, type Lab, labOf, meanOf, nameOf } from "./oklab.ts";

const paletteSize = 5;
/** Rounds of the clustering; it has settled long before. */
const roundsMax = 12;
/** About this many pixels are looked at, evenly spread. */
const samplesMax = 1500;
/** Two colours nearer than this look alike: Oklab distance. */
const sameColour = 0.04;

/**
 * The most common colours of a picture as `#rrggbb`, five at most and the commonest first: k-means
 * in Oklab, begun at the colours farthest from each other, so that it always ends the same.
 */
export function findPalette(picture: RgbPicture): readonly PaletteColour[] {
  const samples = samplesOf(picture);
  let centres = farthestApart(samples.map(({ lab }) => lab));
  let groups = groupAround(centres, samples);
  for (let round = 0; round < roundsMax; round++) {
    centres = groups.map((group, at) =>
      group.length === 0 ? (centres[at] as Lab) : meanOf(group.map(({ lab }) => lab)),
    );
    groups = groupAround(centres, samples);
  }
  return groups
    .map((group, at) => ({ group, centre: centres[at] as Lab }))
    .filter(({ group }) => group.length > 0)
    .sort((one, other) => other.group.length - one.group.length)
    .map(({ group, centre }) => {
      const { hex, lab } = nearestOf(group, centre);
      return { hex, name: nameOf(lab) };
    });
}

export interface PaletteColour {
  /** `#rrggbb`. */
  readonly hex: string;
  /** As people call it. */
  readonly name: string;
}

/** How people call the colour of a part of a picture, whose mask has the picture's size. */
export function nameColourOf({ pixels }: RgbPicture, { samples }: Field): string {
  const labs: Lab[] = [];
  for (let at = 0; at < samples.length; at += 3) {
    if ((samples[at] ?? 0) < 0.5) continue;
    const [red = 0, green = 0, blue = 0] = pixels.subarray(3 * at, 3 * at + 3);
    labs.push(labOf(red, green, blue));
  }
  const mean = meanOf(labs);
  const name = nameOf(mean);
  const isPale = mean.lightness > 0.8 && Math.hypot(mean.a, mean.b) < 0.1 && name !== "white";
  const isDark = mean.lightness < 0.35 && name !== "black";
  return isPale ? `pale ${name}` : isDark ? `dark ${name}` : name;
}

export interface Light {
  /** Mean and spread of the luma, 0 to 1. */
  readonly brightness: number;
  readonly contrast: number;
  /** Mean colour in Oklab. */
  readonly colour: Lab;
  /** Whether there is no colour in it. */
  readonly isGrey: boolean;
}

/** How light and how colourful the whole picture is. */
export function measureLight(picture: RgbPicture): Light {
  const samples = samplesOf(picture);
  const lumas = samples.map(({ luma }) => luma);
  const brightness = sum(lumas) / lumas.length;
  const variance = sum(lumas.map((luma) => (luma - brightness) ** 2)) / lumas.length;
  const chromas = samples.map(({ lab }) => Math.hypot(lab.a, lab.b)).sort((a, b) => a - b);
  return {
    brightness: rounded(brightness),
    // Half black and half white is the most there can be: a deviation of one half.
    contrast: rounded(2 * Math.sqrt(variance)),
    colour: meanOf(samples.map(({ lab }) => lab)),
    isGrey: (chromas[Math.floor(chromas.length * 0.95)] ?? 0) < 0.03,
  };
}

interface Sample {
  readonly lab: Lab;
  readonly luma: number;
  readonly hex: string;
}

function samplesOf({ pixels, width, height }: RgbPicture): readonly Sample[] {
  const step = Math.max(1, Math.ceil(Math.sqrt((width * height) / samplesMax)));
  const samples: Sample[] = [];
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      const at = 3 * (y * width + x);
      const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
      samples.push({
        lab: labOf(red, green, blue),
        // ITU-R BT.709, of the values as they are shown.
        luma: (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255,
        hex: `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`,
      });
    }
  }
  return samples;
}

/** The colour nearest to the mean, and then again and again the one farthest from those chosen. */
function farthestApart(labs: readonly Lab[]): Lab[] {
  const mean = meanOf(labs);
  const first = labs.reduce((best, lab) =>
    distance(lab, mean) < distance(best, mean) ? lab : best,
  );
  const chosen = [first];
  const away = labs.map((lab) => distance(lab, first));
  while (chosen.length < paletteSize) {
    const farthest = away.indexOf(Math.max(...away));
    const next = labs[farthest];
    if (!next || (away[farthest] ?? 0) < sameColour) break;
    chosen.push(next);
    labs.forEach((lab, at) => {
      away[at] = Math.min(away[at] ?? 0, distance(lab, next));
    });
  }
  return chosen;
}

function groupAround(centres: readonly Lab[], samples: readonly Sample[]): readonly Sample[][] {
  const groups: Sample[][] = centres.map(() => []);
  for (const sample of samples) groups[nearestIndex(centres, sample.lab)]?.push(sample);
  return groups;
}

/** Called for every sample in every round: it leaves nothing behind. */
function nearestIndex(centres: readonly Lab[], lab: Lab): number {
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (let at = 0; at < centres.length; at++) {
    const away = distance(centres[at] as Lab, lab);
    if (away < least) [nearest, least] = [at, away];
  }
  return nearest;
}

/** A colour that is really in the picture, where a mean may be one that nobody sees there. */
function nearestOf(group: readonly Sample[], centre: Lab): Sample {
  return group.reduce((best, sample) =>
    distance(sample.lab, centre) < distance(best.lab, centre) ? sample : best,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
