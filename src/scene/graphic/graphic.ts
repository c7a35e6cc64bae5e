import type { RgbPicture } from "../../kernel/planes.ts";
import { countBlocks, countColours } from "./palette-statistics.ts";

/** What is counted to tell a drawn picture from a photographed one. All are shares, 0 to 1. */
export interface GraphicEvidence {
  /** Of all pixels, those in a row or column of ten equal ones. */
  readonly runs: number;
  /** The same without nearly black ones, which photographs of the night have, too. */
  readonly lightRuns: number;
  /** Of the uneven pixels, those that lie neither by a strong edge nor by an even area. */
  readonly shading: number;
  /** Different colours, of the pixels that do not have the commonest one. */
  readonly colours: number;
  /** Pixels of the next fifteen colours, of those that do not have the commonest one. */
  readonly commonColours: number;
  /** Different patterns of two by two pixels, of all uneven ones. */
  readonly patterns: number;
}

/** Fewer pixels in runs than this: a photograph, whatever else is true. */
const runsMin = 0.38;

/**
 * Whether a picture was drawn or set rather than photographed. Drawings repeat themselves: even
 * areas are exactly even, colours and patterns of edges come back. The bounds are from a table of
 * charts, screens, texts, logos and illustrations against photographs of all kinds, also bleached,
 * darkened, without colour, and cut out on plain grounds.
 */
export function isGraphic(picture: Readonly<RgbPicture>): boolean {
  const keys = colourKeys(picture);
  if (runShares(keys, picture).runs < runsMin) return false;
  const evidence = measureGraphic(picture);
  return isHardEdged(evidence) || isDiagram(evidence) || isShadedDrawing(evidence);
}

/** Text, logos, line art, flat illustrations: everything is even, or the edge of something. */
function isHardEdged({ shading, colours, patterns }: GraphicEvidence): boolean {
  return shading <= 0.012 && colours <= 0.45 && patterns <= 0.78;
}

/** Charts, tables, screens: mostly a few colours and a few kinds of edges. */
function isDiagram(evidence: GraphicEvidence): boolean {
  const { lightRuns, commonColours, patterns, colours } = evidence;
  return lightRuns >= 0.5 && commonColours >= 0.45 && patterns <= 0.42 && colours <= 0.3;
}

/** Drawings with computed gradients, whose rows or columns are exactly even. */
function isShadedDrawing({ lightRuns, patterns }: GraphicEvidence): boolean {
  return lightRuns >= 0.7 && patterns <= 0.2;
}

/** All that is counted of a picture. */
export function measureGraphic(picture: Readonly<RgbPicture>): GraphicEvidence {
  const keys = colourKeys(picture);
  const { distinct, commonest, nextFifteen } = countColours(keys);
  const uncommon = Math.max(1, keys.length - commonest);
  return {
    ...runShares(keys, picture),
    shading: shadingShare(picture),
    colours: distinct / uncommon,
    commonColours: nextFifteen / uncommon,
    patterns: countBlocks(picture),
  };
}

/** One number for each pixel's colour. */
function colourKeys({ pixels, width, height }: Readonly<RgbPicture>): Uint32Array {
  const keys = new Uint32Array(width * height);
  for (let index = 0; index < keys.length; index++) {
    const red = pixels[3 * index] as number;
    const green = pixels[3 * index + 1] as number;
    keys[index] = (red << 16) | (green << 8) | (pixels[3 * index + 2] as number);
  }
  return keys;
}

const runLengthMin = 10;

/** All channels below this are nearly black: the high bits of each. */
const lightBits = 0xf0f0f0;

function runShares(
  keys: Uint32Array,
  { width, height }: Pick<RgbPicture, "width" | "height">,
): Pick<GraphicEvidence, "runs" | "lightRuns"> {
  const isInRun = new Uint8Array(keys.length);
  for (let row = 0; row < height; row++) markRuns(keys, isInRun, row * width, 1, width);
  for (let column = 0; column < width; column++) markRuns(keys, isInRun, column, width, height);
  let [runs, light] = [0, 0];
  for (let index = 0; index < keys.length; index++) {
    if (isInRun[index] === 0) continue;
    runs += 1;
    if (((keys[index] as number) & lightBits) !== 0) light += 1;
  }
  return { runs: runs / keys.length, lightRuns: light / keys.length };
}

function markRuns(
  keys: Uint32Array,
  isInRun: Uint8Array,
  first: number,
  step: number,
  count: number,
): void {
  let start = 0;
  for (let at = 1; at <= count; at++) {
    if (at < count && keys[first + at * step] === keys[first + (at - 1) * step]) continue;
    if (at - start >= runLengthMin) {
      for (let inside = start; inside < at; inside++) isInRun[first + inside * step] = 1;
    }
    start = at;
  }
}

/** A difference to a neighbour, of 255, that is none, and one that is a strong edge. */
const evenMax = 1;
const strongMin = 25;

/** How far an edge or an even area reaches, in pixels. */
const reach = 2;

function shadingShare(picture: Readonly<RgbPicture>): number {
  const { width, height } = picture;
  const contrast = contrastAround(picture);
  let [uneven, shaded] = [0, 0];
  for (let row = reach + 1; row < height - reach - 1; row++) {
    for (let column = reach + 1; column < width - reach - 1; column++) {
      const index = row * width + column;
      if ((contrast[index] as number) <= evenMax) continue;
      uneven += 1;
      if (isShaded(contrast, index, width)) shaded += 1;
    }
  }
  return shaded / Math.max(1, uneven);
}

function isShaded(contrast: Uint8Array, index: number, width: number): boolean {
  for (let down = -reach; down <= reach; down++) {
    for (let across = -reach; across <= reach; across++) {
      const here = contrast[index + down * width + across] as number;
      if (here <= evenMax || here >= strongMin) return false;
    }
  }
  return true;
}

/** The greatest difference of a pixel to its eight neighbours, in any channel; 0 at the edges. */
function contrastAround({ pixels, width, height }: Readonly<RgbPicture>): Uint8Array {
  const contrast = new Uint8Array(width * height);
  const offsets = [1, width - 1, width, width + 1];
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const index = row * width + column;
      let greatest = 0;
      for (const offset of offsets) {
        greatest = Math.max(greatest, difference(pixels, index, index + offset));
        greatest = Math.max(greatest, difference(pixels, index, index - offset));
      }
      contrast[index] = greatest;
    }
  }
  return contrast;
}

function difference(pixels: Uint8Array, first: number, second: number): number {
  let greatest = 0;
  for (let channel = 0; channel < 3; channel++) {
    const one = pixels[3 * first + channel] as number;
    const other = pixels[3 * second + channel] as number;
    greatest = Math.max(greatest, Math.abs(one - other));
  }
  return greatest;
}
