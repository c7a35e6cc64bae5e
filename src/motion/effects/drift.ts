import type { Motion } from "../../scene/plan.ts";
import { type EffectLayer, type EffectSpace, fillField, type Moment } from "./effect.ts";
import { intersect, type Mask, rampInside, smooth } from "./mask.ts";
import { atNodes, maskOf } from "./space.ts";

/**
 * How far clouds go in a clip, as a share of the width. Both phases are seen half that far apart:
 * at 0.07 small clouds with sharp edges were seen twice.
 */
const lengths: { readonly [M in Motion]: number } = { subtle: 0.025, medium: 0.04, kinetic: 0.055 };

/** Clouds low above the horizon are farther away, and go this much less far. */
const farSlowing = 0.45;

/** The exponent with which clouds come to rest, as the camera does. */
const settling = 3.2;

/**
 * How much of the length clouds come from in `animate-in`. Elsewhere they are seen at most half of
 * it away; all of it would press the sky's edge together, with the camera's own move on top.
 */
const arrival = 0.6;

/**
 * Clouds that flow to one side for ever: two phases of the same flow take turns, each unseen while
 * it jumps back. In the loop different parts of the sky are at different phases, so that the sky
 * as a whole is never seen to soften and sharpen.
 */
export function createDrift(space: EffectSpace): EffectLayer | undefined {
  const direction = space.random() < 0.5 ? -1 : 1;
  const length = direction * lengths[space.motion] * space.width;
  const sky = intersect(maskOf(space, space.scene.sky), space.free);
  const ramp = rampInside(sky, 2.2 * Math.abs(length), { sides: true, ends: false });
  const strength = atNodes(space, ramp);
  if (strength.every((value) => value < 0.5)) return undefined;
  const lowest = lowestOf(sky);
  const reachAt = (index: number, y: number) =>
    length * (strength[index] ?? 0) * (1 - farSlowing * smooth(y / lowest));
  if (space.mode === "animate-in") {
    const field = fillField(space, (index, _, y) => [reachAt(index, y), 0]);
    const weightAt = ({ turn, share }: Moment) =>
      share === 0 ? 0 : -arrival * (1 - turn) ** settling * share;
    return { waves: [{ field, weightAt }] };
  }
  const phaseAt = space.mode === "loop" ? phases(space) : () => 0;
  const field = fillField(space, (index, x, y) => [reachAt(index, y), phaseAt(x, y)]);
  const hover = ({ turn }: Moment) => turn - Math.sin(2 * Math.PI * turn) / (2 * Math.PI);
  const turnAt = space.mode === "loop" ? ({ turn }: Moment) => turn : hover;
  // At half a turn the first phase is the picture itself.
  return { drift: { field, turnAt: (moment) => 0.5 + turnAt(moment) } };
}

/**
 * A whole turn from one side to the other, so that as much of the sky is at any phase at any time:
 * what changes in a frame is then the same in all of them. Gentle waves hide the bands.
 */
function phases({ width, random }: EffectSpace): (x: number, y: number) => number {
  const [start, first, second] = [random(), 2 * Math.PI * random(), 2 * Math.PI * random()];
  const direction = random() < 0.5 ? -1 : 1;
  const wave = (2 * Math.PI) / width;
  return (x, y) =>
    start +
    (direction * x + 0.4 * y) / width +
    0.12 * Math.sin(wave * (1.3 * x + 0.7 * y) + first) +
    0.1 * Math.sin(wave * (2.1 * y - 0.9 * x) + second);
}

/** The lowest row of a mask, in output pixels. */
function lowestOf({ columns, samples, stepY }: Mask): number {
  const last = samples.findLastIndex((sample) => sample >= 0.5);
  return Math.max(1, Math.floor(last / columns)) * stepY;
}
