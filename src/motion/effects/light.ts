import type { Motion } from "../../scene/plan.ts";
import { type EffectLayer, type EffectSpace, fillField } from "./effect.ts";
import { atNodes, faded } from "./space.ts";

/** How much brighter and darker the brightest spot gets. */
const gains: { readonly [M in Motion]: number } = { subtle: 0.04, medium: 0.055, kinetic: 0.07 };

/** Standard deviation of the glow, as a share of the width. */
const spread = 0.22;

/** Where nothing is left of the glow, in standard deviations: one grey level in a hundred. */
const endsAt = 2.8;

/** A slow breath of the light around the brightest spot. */
export function createLight(space: EffectSpace): EffectLayer {
  const { width, height, light } = space;
  const sigma = spread * width;
  const rest = Math.exp(-(endsAt ** 2) / 2);
  const strength = atNodes(space, faded(space));
  const field = fillField(space, (index, x, y) => {
    const distance = Math.hypot(x - light.x * width, y - light.y * height) / sigma;
    if (distance >= endsAt) return undefined;
    const glow = (Math.exp(-(distance ** 2) / 2) - rest) / (1 - rest);
    return [0, 0, gains[space.motion] * glow * (strength[index] ?? 0)];
  });
  const phase = 2 * Math.PI * space.random();
  return {
    waves: [{ field, weightAt: ({ turn, share }) => share * Math.sin(2 * Math.PI * turn + phase) }],
  };
}
