import { boxMean } from "../field/box-mean.ts";
import { clamp, createField, type Field, mapField, meanOf } from "../field/field.ts";
import { guidedFilter } from "../field/guided-filter.ts";

/** A part of a picture: 1 inside, 0 outside, soft between. */
export interface Region {
  readonly mask: Field;
  /** How much of the picture it covers, 0 to 1. */
  readonly share: number;
}

/** No part of a picture of this size. */
export function emptyRegion(size: Pick<Field, "width" | "height">): Region {
  return { mask: createField(size), share: 0 };
}

/**
 * A region from a mask of zeros and ones: its edge is drawn to that of the picture and softened.
 * A region that covers less than `shareMin` of the picture is none.
 */
export function regionOf(luma: Field, hardMask: Field, shareMin: number): Region {
  if (meanOf(hardMask) < shareMin) return emptyRegion(luma);
  const radius = Math.max(2, Math.round(luma.width / 40));
  const guided = guidedFilter(luma, boxMean(hardMask, 2), { radius, evenness: 0.002 });
  const mask = mapField(guided, (sample) => clamp(sample * 1.2 - 0.1));
  return { mask, share: meanOf(mask) };
}
