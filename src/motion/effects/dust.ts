import type { Disc } from "../../kernel/ambience.ts";
import type { Motion } from "../../scene/plan.ts";
import type { EffectLayer, EffectSpace } from "./effect.ts";
import { faded, strengthAt } from "./space.ts";

const moteCount = 36;

/** How opaque motes are, of what they may be. */
const opacities: { readonly [M in Motion]: number } = { subtle: 0.7, medium: 0.85, kinetic: 1 };

/** One mote. Lengths are shares of the width, times and phases turns. */
interface Mote {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly alpha: number;
  /** What it goes in its life, which is as long as the clip. */
  readonly acrossX: number;
  readonly upwards: number;
  readonly birth: number;
  /** How often it sways to and fro. */
  readonly swings: number;
}

/** Motes that rise slowly through the air between the eye and the picture. */
export function createDust(space: EffectSpace): EffectLayer {
  const { width, height, motion } = space;
  const motes = Array.from({ length: moteCount }, () => drawMote(space.random));
  const strength = faded(space);
  return {
    discsAt: ({ turn, share }) =>
      motes.flatMap((mote) => {
        const { x, y, life } = placeOf(mote, turn);
        const seen = strengthAt(strength, x, y) * share * opacities[motion];
        const alpha = mote.alpha * Math.sin(Math.PI * life) ** 4 * seen;
        const disc: Disc = { x: x * width, y: y * height, radius: mote.radius * width, alpha };
        return alpha > 0 ? [disc] : [];
      }),
  };
}

function drawMote(random: () => number): Mote {
  return {
    x: random(),
    y: random(),
    radius: 0.002 + 0.01 * random() * random(),
    alpha: 0.1 + 0.22 * random(),
    acrossX: (random() < 0.5 ? -1 : 1) * (0.03 + 0.05 * random()),
    upwards: 0.03 + 0.05 * random(),
    birth: random(),
    swings: 1 + Math.floor(2 * random()),
  };
}

/** It is born and dies unseen, so that nobody sees it start over. */
function placeOf(mote: Mote, turn: number) {
  const life = (turn + mote.birth) % 1;
  const swing = Math.sin(2 * Math.PI * (mote.swings * turn + mote.birth));
  return {
    life,
    x: mote.x + mote.acrossX * (life - 0.5) + 0.008 * swing,
    y: mote.y - mote.upwards * (life - 0.5),
  };
}
