import type { Motion } from "../../scene/plan.ts";
import { cyclesOf, type EffectLayer, type EffectSpace, runningWave, type Wave } from "./effect.ts";
import { intersect, type Mask, rampInside } from "./mask.ts";
import { atNodes, maskOf } from "./space.ts";

/** How far the nearest water moves, as a share of the width, and how much it glints. */
const amplitudes: { readonly [M in Motion]: { readonly shift: number; readonly glint: number } } = {
  subtle: { shift: 0.0015, glint: 0.03 },
  medium: { shift: 0.0025, glint: 0.045 },
  kinetic: { shift: 0.0035, glint: 0.06 },
};

/** From the farthest to the nearest water: what is left of the shift, and a wave's length. */
const farShare = 0.4;
const farLength = 0.042;
const nearLength = 0.095;

/** Vertices of the mesh are 16 pixels apart: what is shorter than this they cannot follow. */
const lengthMinPx = 50;

/** Ripples that cross each other. `breadth` is how many times as broad as long a wave is. */
const ripples = [
  { share: 0.6, scale: 1, breadth: 5, periodSeconds: 2 },
  { share: 0.4, scale: 1.35, breadth: -3.5, periodSeconds: 1.4 },
] as const;

/** Ripples that run over the water towards the eye, and the glints on them. */
export function createShimmer(space: EffectSpace): EffectLayer | undefined {
  const amplitude = amplitudes[space.motion];
  const water = intersect(maskOf(space, space.scene.water), space.free);
  const ramp = rampInside(water, 0.02 * space.width, { sides: true, ends: true });
  const strength = atNodes(space, ramp);
  if (strength.every((value) => value < 0.5)) return undefined;
  const nearness = nearnessOf(water, space.height);
  const waves = ripples.flatMap((ripple) =>
    createRipple(space, ripple, { strength, nearness, amplitude }),
  );
  return { waves };
}

type Ripple = (typeof ripples)[number];

interface Water {
  readonly strength: Float32Array;
  readonly nearness: (y: number) => number;
  readonly amplitude: { readonly shift: number; readonly glint: number };
}

function createRipple(
  space: EffectSpace,
  ripple: Ripple,
  { strength, nearness, amplitude }: Water,
): readonly Wave[] {
  const { width, height, columns, rows } = space;
  const start = 2 * Math.PI * space.random();
  const far = Math.max(lengthMinPx, farLength * width) * ripple.scale;
  const near = Math.max(lengthMinPx, nearLength * width) * ripple.scale;
  const breadth = ripple.breadth * (far + near) * 0.5;
  // Whole waves above a row whose length grows evenly from far to near.
  const wavesAbove = (share: number) =>
    near === far
      ? (share * height) / far
      : (height / (near - far)) * Math.log(1 + ((near - far) * share) / far);
  return runningWave(
    space,
    strength,
    cyclesOf(space, ripple.periodSeconds),
    (x, y) => start + 2 * Math.PI * (wavesAbove(nearness(y)) + x / breadth),
    (index, cosine, sine) => {
      const size = (strength[index] ?? 0) * ripple.share;
      const row = nearness((Math.floor(index / columns) * height) / (rows - 1));
      const shift = size * amplitude.shift * width * (farShare + (1 - farShare) * row);
      return [shift * cosine, 0.6 * shift * sine, size * amplitude.glint * sine];
    },
  );
}

/** How near the water of a row is: 0 at its far shore, 1 at the frame's bottom. */
function nearnessOf({ columns, samples, stepY }: Mask, height: number): (y: number) => number {
  const first = samples.findIndex((sample) => sample >= 0.5);
  const top = Math.floor(first / columns) * stepY;
  return (y) => Math.min(1, Math.max(0, (y - top) / Math.max(1, height - top)));
}
