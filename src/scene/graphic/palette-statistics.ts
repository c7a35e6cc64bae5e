import type { RgbPicture } from "../../kernel/planes.ts";

/** How colours are spread, in pixels. */
export interface ColourCounts {
  readonly distinct: number;
  /** Pixels of the commonest colour. */
  readonly commonest: number;
  /** Pixels of the fifteen colours after it. */
  readonly nextFifteen: number;
}

/** Counts equal numbers, one for each pixel. */
export function countColours(keys: Uint32Array): ColourCounts {
  const sorted = keys.slice().sort();
  const counts: number[] = [];
  let start = 0;
  for (let at = 1; at <= sorted.length; at++) {
    if (at < sorted.length && sorted[at] === sorted[start]) continue;
    counts.push(at - start);
    start = at;
  }
  counts.sort((first, second) => second - first);
  const nextFifteen = counts.slice(1, 16).reduce((sum, count) => sum + count, 0);
  return { distinct: counts.length, commonest: counts[0] ?? 0, nextFifteen };
}

/** Places in the table of patterns that were seen: many more than there are pixels. */
const tableBits = 20;

/** How many of the uneven blocks of two by two pixels differ from all others, 0 to 1. */
export function countBlocks({ pixels, width, height }: Readonly<RgbPicture>): number {
  const isSeen = new Uint8Array(1 << tableBits);
  const colours = coarseColours(pixels, width * height);
  let [uneven, distinct] = [0, 0];
  for (let row = 0; row + 1 < height; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const index = row * width + column;
      if (isEven(pixels, index, width)) continue;
      uneven += 1;
      const place = hashOf(colours, index, width) >>> (32 - tableBits);
      if (isSeen[place] === 1) continue;
      isSeen[place] = 1;
      distinct += 1;
    }
  }
  return distinct / Math.max(1, uneven);
}

/** The upper six bits of each channel: noise in the lower ones makes no other pattern. */
function coarseColours(pixels: Uint8Array, count: number): Uint32Array {
  const colours = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const red = (pixels[3 * index] as number) >> 2;
    const green = (pixels[3 * index + 1] as number) >> 2;
    colours[index] = (red << 12) | (green << 6) | ((pixels[3 * index + 2] as number) >> 2);
  }
  return colours;
}

function isEven(pixels: Uint8Array, index: number, width: number): boolean {
  for (const neighbour of [index + 1, index + width, index + width + 1]) {
    for (let channel = 0; channel < 3; channel++) {
      const here = pixels[3 * index + channel] as number;
      if (Math.abs(here - (pixels[3 * neighbour + channel] as number)) > 1) return false;
    }
  }
  return true;
}

/** Multiplicative hashing with the golden ratio, one colour after the other. */
function hashOf(colours: Uint32Array, index: number, width: number): number {
  let hash = 0;
  for (const at of [index, index + 1, index + width, index + width + 1]) {
    hash = Math.imul(hash ^ (colours[at] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0x85ebca6b);
}
