import { clamp, type Field, mapField } from "../field/field.ts";
import type { Box } from "../plan.ts";

/** A box grows by this share of its size, and by samples, before its depth is made one. */
const marginShare = 0.2;
const marginSamples = 3;

/** Over this share of its size its depth gives way to that around, or farther where that is far. */
const rampShare = 0.7;

/** How far depth may be from that around, for the way between to be no steeper than allowed. */
const likelyStep = 0.75;

/** The outline in samples of what has one depth. */
interface Plate {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly ramp: number;
  readonly depth: number;
}

/**
 * Gives each box one depth, so that what is inside moves without bending, and lets it go over
 * smoothly into what is around. Boxes that touch have one depth together.
 * @param slopeMax how steep depth should be at most, from one sample to the next.
 */
export function flattenBoxes(field: Field, boxes: readonly Box[], slopeMax: number): Field {
  if (boxes.length === 0) return field;
  const plates = platesOf(field, boxes, likelyStep / slopeMax);
  return mapField(field, (own, index) => {
    const [x, y] = [index % field.width, Math.floor(index / field.width)];
    let [sum, total] = [own, 1];
    for (const plate of plates) {
      const weight = weightAt(plate, x, y);
      // Without bound inside, so that no other box has a say there.
      const pull = weight / (1 - weight + 1e-7);
      sum += pull * plate.depth;
      total += pull;
    }
    return sum / total;
  });
}

function weightAt({ left, top, right, bottom, ramp }: Plate, x: number, y: number): number {
  const across = Math.max(0, left - x, x - right);
  const down = Math.max(0, top - y, y - bottom);
  const inside = clamp(1 - Math.hypot(across, down) / ramp);
  return inside * inside * (3 - 2 * inside);
}

function platesOf(field: Field, boxes: readonly Box[], rampMin: number): readonly Plate[] {
  const plates = boxes.map((box) => outlineOf(field, box, rampMin));
  const depths = plates.map((plate) => meanWithin(field, plate));
  // Each plate takes the mean of all that it is joined to, through any number of others.
  const groups = groupsOf(plates);
  return plates.map((plate, index) => {
    const group = depths.filter((_, other) => groups[other] === groups[index]);
    return { ...plate, depth: group.reduce((sum, depth) => sum + depth, 0) / group.length };
  });
}

function outlineOf({ width, height }: Field, box: Box, rampMin: number): Omit<Plate, "depth"> {
  const side = Math.max(box.width * width, box.height * height);
  const margin = marginShare * side + marginSamples;
  return {
    left: box.left * width - margin,
    top: box.top * height - margin,
    right: (box.left + box.width) * width + margin,
    bottom: (box.top + box.height) * height + margin,
    ramp: Math.max(rampMin, rampShare * side),
  };
}

function meanWithin(field: Field, { left, top, right, bottom }: Omit<Plate, "depth">): number {
  const { width, height, samples } = field;
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, Math.round(top)); y <= Math.min(height - 1, bottom); y++) {
    for (let x = Math.max(0, Math.round(left)); x <= Math.min(width - 1, right); x++) {
      sum += samples[y * width + x] as number;
      count += 1;
    }
  }
  return count === 0 ? 0.5 : sum / count;
}

/** A number for each outline, the same for those that overlap. */
function groupsOf(outlines: readonly Omit<Plate, "depth">[]): readonly number[] {
  const groups = outlines.map((_, index) => index);
  for (const [first, one] of outlines.entries()) {
    for (const [second, other] of outlines.entries()) {
      if (groups[first] === groups[second] || !overlap(one, other)) continue;
      const [kept, merged] = [groups[first] as number, groups[second] as number];
      for (const [index, group] of groups.entries()) if (group === merged) groups[index] = kept;
    }
  }
  return groups;
}

function overlap(one: Omit<Plate, "depth">, other: Omit<Plate, "depth">): boolean {
  return (
    one.left <= other.right &&
    other.left <= one.right &&
    one.top <= other.bottom &&
    other.top <= one.bottom
  );
}
