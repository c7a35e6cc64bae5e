import { clamp, createField, type Field, mapField } from "../field/field.ts";
import { guidedFilter } from "../field/guided-filter.ts";
import { subjectsIn } from "../parts/saliency.ts";
import type { Scene } from "../scene.ts";
import { groundDepth } from "./ground.ts";

/** Less sure than this that anything stands out, and nothing is made to stand. */
const confidenceMin = 0.15;

/** How much of a subject's own depth gives way to that of the place where it stands. */
const firmness = 0.85;

/** A subject's foot is a little above its lowest row, and never farther off than this. */
const footShare = 0.08;
const farthest = 0.35;

const edgeFilter = { radius: 8, evenness: 0.002 };

/**
 * Gives each subject one depth, that of the ground where it meets it: what stands upright is as
 * near at its top as at its foot, and moves as one piece.
 */
export function standUpright(depth: Field, luma: Field, scene: Scene): Field {
  const { field: saliency, confidence } = scene.saliency;
  if (confidence <= confidenceMin) return depth;
  const weight = firmness * Math.min(1, confidence * 1.6);
  const groundAt = groundDepth(scene.horizon);
  const standing = createField(depth);
  const covered = createField(depth);
  for (const { indexes, top, bottom } of subjectsIn(saliency)) {
    const foot = bottom - footShare * (bottom - top);
    const place = Math.max(farthest, groundAt(foot / depth.height));
    for (const index of indexes) {
      const own = Math.max(0, depth.samples[index] as number);
      standing.samples[index] = own * (1 - weight) + place * weight;
      covered.samples[index] = 1;
    }
  }
  return layOver(depth, luma, { standing, covered });
}

interface Standing {
  readonly standing: Field;
  readonly covered: Field;
}

/** The edges of subjects are drawn to those of the picture. */
function layOver(depth: Field, luma: Field, { standing, covered }: Standing): Field {
  const share = guidedFilter(luma, covered, edgeFilter);
  const nearness = guidedFilter(luma, standing, edgeFilter);
  return mapField(depth, (own, index) => {
    const weight = clamp(share.samples[index] as number);
    if (weight <= 0.02) return own;
    const place = clamp((nearness.samples[index] as number) / Math.max(weight, 0.05));
    return own * (1 - weight) + place * weight;
  });
}
