import { boxMean, smooth } from "../field/box-mean.ts";
import { clamp, createField, type Field, mapField } from "../field/field.ts";
import { separate, stretch } from "../field/histogram.ts";
import type { Scene } from "../scene.ts";

/** Contrast, of 1, that is noise. */
const noiseFloor = 0.004;

/** Separability at which a picture might have a blurred part, and over how much that grows. */
const doubtfulSeparation = 0.7;
const certainSpan = 0.2;

/** Even a clear difference may come from texture rather than from focus. */
const confidenceMax = 0.8;

/** How sharp everything is: the finest detail against that a few pixels wide. */
export function findFocus(luma: Field): Scene["focus"] {
  const fine = smooth(luma, 1);
  const coarse = smooth(luma, 3);
  const reach = Math.max(3, Math.round(luma.width / 40));
  const finest = boxMean(differences(luma, fine), reach);
  const band = boxMean(differences(fine, coarse), reach);
  const ratio = mapField(finest, (detail, index) => {
    return detail / (detail + (band.samples[index] as number) + noiseFloor);
  });
  const field = stretch(ratio, 0.05, 0.95);
  const separation = separate(field).share;
  return {
    field,
    confidence: confidenceMax * clamp((separation - doubtfulSeparation) / certainSpan),
  };
}

function differences(first: Field, second: Field): Field {
  const result = createField(first);
  for (let index = 0; index < first.samples.length; index++) {
    const difference = (first.samples[index] as number) - (second.samples[index] as number);
    result.samples[index] = Math.abs(difference);
  }
  return result;
}
