import { clamp, type Field, mapField } from "./field.ts";

/** Fine enough that a percentile is off by less than a thousandth of the range. */
const percentileBins = 2048;

/** Stretches a field so that two shares of its samples become 0 and 1, and cuts the rest off. */
export function stretch(field: Field, lowShare: number, highShare: number): Field {
  const [low, high] = percentiles(field, [lowShare, highShare]);
  const span = Math.max(1e-6, (high as number) - (low as number));
  return mapField(field, (sample) => clamp((sample - (low as number)) / span));
}

/** The values below which the given shares of the samples lie. */
export function percentiles({ samples }: Field, shares: readonly number[]): readonly number[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < samples.length; index++) {
    low = Math.min(low, samples[index] as number);
    high = Math.max(high, samples[index] as number);
  }
  if (!(high > low)) return shares.map(() => low);
  const scale = (percentileBins - 1) / (high - low);
  const counts = new Uint32Array(percentileBins);
  for (let index = 0; index < samples.length; index++) {
    const bin = Math.round(((samples[index] as number) - low) * scale);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return shares.map((share) => low + binAt(counts, share * (samples.length - 1)) / scale);
}

function binAt(counts: Uint32Array, rank: number): number {
  let below = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin] as number;
    if (below > rank) return bin;
  }
  return counts.length - 1;
}

/** How well samples of 0 to 1 fall into a low and a high class, and where they part. */
export interface Separation {
  /** Variance between the classes over all variance, 0 to 1; two equal peaks come near 1. */
  readonly share: number;
  readonly threshold: number;
}

const separationBins = 64;

/** A class smaller than this share of the samples is noise. */
const classShareMin = 0.02;

/** Otsu: A threshold selection method from gray-level histograms, 1979. */
export function separate({ samples }: Field): Separation {
  const shares = new Float64Array(separationBins);
  for (let index = 0; index < samples.length; index++) {
    const bin = Math.min(
      separationBins - 1,
      Math.floor((samples[index] as number) * separationBins),
    );
    shares[bin] = (shares[bin] as number) + 1 / samples.length;
  }
  const mean = shares.reduce((sum, share, bin) => sum + share * bin, 0);
  const variance = shares.reduce((sum, share, bin) => sum + share * (bin - mean) ** 2, 0);
  let [lowShare, lowMoment, best, threshold] = [0, 0, 0, 0];
  for (let bin = 0; bin < separationBins - 1; bin++) {
    lowShare += shares[bin] as number;
    lowMoment += bin * (shares[bin] as number);
    if (lowShare < classShareMin || lowShare > 1 - classShareMin) continue;
    const between = (mean * lowShare - lowMoment) ** 2 / (lowShare * (1 - lowShare));
    if (between <= best) continue;
    best = between;
    threshold = (bin + 1) / separationBins;
  }
  return { share: best / Math.max(variance, 1e-9), threshold };
}
