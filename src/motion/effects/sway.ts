import type { Motion } from "../../scene/plan.ts";
import { cyclesOf, type EffectLayer, type EffectSpace, runningWave } from "./effect.ts";
import { intersect, rampInside } from "./mask.ts";
import { atNodes, maskOf } from "./space.ts";

/** How far leaves go to either side, as a share of the width. */
const lengths: { readonly [M in Motion]: number } = {
  subtle: 0.0012,
  medium: 0.002,
  kinetic: 0.0032,
};

/** A gust that goes through all of it, and the flutter of single twigs. Sizes are of the width. */
const winds = [
  { share: 0.7, length: 0.55, fold: 0.35, periodSeconds: 3.6 },
  { share: 0.3, length: 0.21, fold: 0.17, periodSeconds: 1.8 },
] as const;

/** How much of the sideways shift leaves go up and down. */
const lift = 0.3;

/** Leaves that bend in the wind, and not at their edges, so that nothing around them moves. */
export function createSway(space: EffectSpace): EffectLayer | undefined {
  const length = lengths[space.motion] * space.width;
  const foliage = intersect(maskOf(space, space.scene.foliage), space.free);
  const ramp = rampInside(foliage, 8 * length, { sides: true, ends: true });
  const strength = atNodes(space, ramp);
  if (strength.every((value) => value < 0.5)) return undefined;
  const waves = winds.flatMap((wind) => {
    const start = 2 * Math.PI * space.random();
    const fold = 2 * Math.PI * space.random();
    const wave = (2 * Math.PI) / (wind.length * space.width);
    const folds = (2 * Math.PI) / (wind.fold * space.width);
    return runningWave(
      space,
      strength,
      cyclesOf(space, wind.periodSeconds),
      (x, y) => start + wave * x + 0.9 * Math.sin(folds * y + fold),
      (index, cosine, sine) => {
        const size = length * wind.share * (strength[index] ?? 0);
        return [size * cosine, lift * size * sine];
      },
    );
  });
  return { waves };
}
