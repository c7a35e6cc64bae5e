import { boxMean } from "./box-mean.ts";
import { createField, type Field, mapField } from "./field.ts";

export interface GuidedFilterOptions {
  /** Half the window's side, in samples. */
  readonly radius: number;
  /** Variance of the guide below which a window counts as even, and is smoothed. */
  readonly evenness: number;
}

/**
 * Smooths a field where a guide is even, and keeps its edges where the guide has edges: He, Sun,
 * Tang: Guided image filtering, 2010.
 */
export function guidedFilter(
  guide: Field,
  field: Field,
  { radius, evenness }: GuidedFilterOptions,
): Field {
  const meanGuide = boxMean(guide, radius);
  const meanField = boxMean(field, radius);
  const meanSquare = boxMean(product(guide, guide), radius);
  const meanProduct = boxMean(product(guide, field), radius);
  const slope = mapField(meanProduct, (both, index) => {
    const own = meanGuide.samples[index] as number;
    const covariance = both - own * (meanField.samples[index] as number);
    const variance = (meanSquare.samples[index] as number) - own * own;
    return covariance / (variance + evenness);
  });
  const offset = mapField(meanField, (mean, index) => {
    return mean - (slope.samples[index] as number) * (meanGuide.samples[index] as number);
  });
  const meanSlope = boxMean(slope, radius);
  return mapField(boxMean(offset, radius), (base, index) => {
    return base + (meanSlope.samples[index] as number) * (guide.samples[index] as number);
  });
}

function product(first: Field, second: Field): Field {
  const products = createField(first);
  for (let index = 0; index < first.samples.length; index++) {
    const sample = first.samples[index] as number;
    products.samples[index] = sample * (second.samples[index] as number);
  }
  return products;
}
