import { boxMean, smooth } from "../field/box-mean.ts";
import type { Channels } from "../field/channels.ts";
import { type Component, findComponents } from "../field/components.ts";
import { clamp, createField, type Field, mapField } from "../field/field.ts";
import { separate, stretch } from "../field/histogram.ts";
import { barrierDistance } from "../field/minimum-barrier.ts";
import type { Point } from "../plan.ts";
import type { Scene } from "../scene.ts";

/** Where photographers put their subjects, and how far from there they still do. */
const likelyPlace = { x: 0.5, y: 0.55, reachX: 0.55, reachY: 0.6 };

/** Separability at which there might be a subject, and over how much it becomes certain. */
const doubtfulSeparation = 0.55;
const certainSpan = 0.3;

/** A part smaller than this share of the picture is a speck, one larger is the ground. */
const subjectShareMin = 0.008;
const subjectShareMax = 0.55;

/**
 * What stands out: parts that differ from all that can be reached from the picture's edges,
 * the more so near the middle. @see barrierDistance
 */
export function findSaliency(channels: Channels): Scene["saliency"] {
  const barriers = createField(channels);
  for (const channel of [channels.luma, channels.redGreen, channels.yellowBlue]) {
    const { samples } = barrierDistance(smooth(channel, 1));
    for (let index = 0; index < samples.length; index++) {
      barriers.samples[index] = (barriers.samples[index] as number) + (samples[index] as number);
    }
  }
  const field = stretch(nearMiddle(stretch(barriers, 0.05, 0.97)), 0.02, 0.99);
  const confidence = clamp((separate(field).share - doubtfulSeparation) / certainSpan);
  return { field, confidence, focal: confidence > 0 ? focalOf(field) : undefined };
}

/** The parts that stand out and are neither specks nor the ground, the largest first. */
export function subjectsIn(field: Field): readonly Component[] {
  const threshold = Math.max(0.25, separate(field).threshold);
  const total = field.samples.length;
  return findComponents(field, threshold).filter(
    ({ indexes }) =>
      indexes.length >= subjectShareMin * total && indexes.length <= subjectShareMax * total,
  );
}

function nearMiddle(field: Field): Field {
  const { width, height } = field;
  return mapField(field, (sample, index) => {
    const x = (index % width) / width - likelyPlace.x;
    const y = Math.floor(index / width) / height - likelyPlace.y;
    const distance = (x / likelyPlace.reachX) ** 2 + (y / likelyPlace.reachY) ** 2;
    return sample * Math.exp(-0.5 * distance);
  });
}

/** The middle of the largest part, weighed by how much it stands out. */
function focalOf(field: Field): Point | undefined {
  const [largest] = subjectsIn(boxMean(field, 1));
  if (!largest) return undefined;
  let [sum, sumX, sumY] = [0, 0, 0];
  for (const index of largest.indexes) {
    const weight = field.samples[index] as number;
    sum += weight;
    sumX += weight * ((index % field.width) + 0.5);
    sumY += weight * (Math.floor(index / field.width) + 0.5);
  }
  if (sum === 0) return undefined;
  return { x: sumX / sum / field.width, y: sumY / sum / field.height };
}
