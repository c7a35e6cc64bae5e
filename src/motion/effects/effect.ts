import type { Disc } from "../../kernel/ambience.ts";
import type { Box, Mode, Motion, Point } from "../../scene/plan.ts";
import type { Scene } from "../../scene/scene.ts";
import type { Mask } from "./mask.ts";

/** One thing that moves by itself, in one clip. Everything in it returns after a whole clip. */
export interface EffectLayer {
  readonly waves?: readonly Wave[];
  readonly drift?: Drift;
  readonly discsAt?: (moment: Moment) => readonly Disc[];
}

/** A field (see `AmbientFields.waves`) that comes and goes. */
export interface Wave {
  readonly field: Float32Array;
  readonly weightAt: (moment: Moment) => number;
}

export interface Drift {
  /** See `AmbientFields.drift`. */
  readonly field: Float32Array;
  readonly turnAt: (moment: Moment) => number;
}

/** A place in a clip's time. */
export interface Moment {
  /** 0 up to 1, which is 0 again. */
  readonly turn: number;
  /**
   * How much of each effect is seen: 1 throughout a loop. Elsewhere it falls to 0, evenly, where
   * the clip shows the still itself.
   */
  readonly share: number;
}

/** What effects are made of. Lengths are in output pixels. */
export interface EffectSpace {
  readonly width: number;
  readonly height: number;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly seconds: number;
  readonly scene: Pick<Scene, "sky" | "water" | "foliage">;
  /** The part of the still that the clip shows; all four of the still's size, 0 to 1. */
  readonly window: Box;
  /** The brightest spot in the crop, both axes 0 to 1; outside when the crop lacks it. */
  readonly light: Point;
  /** Nodes of a field across and down. */
  readonly columns: number;
  readonly rows: number;
  /** Where effects may be: not on faces, nor on people. */
  readonly free: Mask;
  /** Numbers from 0 up to 1, this effect's own. */
  readonly random: () => number;
}

/** Makes the effect, or nothing when the picture has no place for it. */
export type CreateEffect = (space: EffectSpace) => EffectLayer | undefined;

/** Numbers of a node. */
export const nodeNumbers = 4;

/** What a node holds: shift to the right and down, and gain of luma; or reach and phase. */
export type Node = readonly [number, number, number?];

/** A field, node by node. `place` is given in output pixels from the top left. */
export function fillField(
  { columns, rows, width, height }: EffectSpace,
  nodeAt: (index: number, x: number, y: number) => Node | undefined,
): Float32Array {
  const field = new Float32Array(columns * rows * nodeNumbers);
  for (let index = 0; index < columns * rows; index++) {
    const x = ((index % columns) * width) / (columns - 1);
    const y = (Math.floor(index / columns) * height) / (rows - 1);
    const node = nodeAt(index, x, y);
    if (node) setNode(field, index, node);
  }
  return field;
}

/** One by one: `set` is slow for so few numbers. */
function setNode(field: Float32Array, index: number, [first, second, third = 0]: Node): void {
  field[index * nodeNumbers] = first;
  field[index * nodeNumbers + 1] = second;
  field[index * nodeNumbers + 2] = third;
}

/**
 * A wave that runs through the picture. One field stays where it is; two of them, a quarter of a
 * wave apart and coming and going by turns, run.
 * @param strength at each node; where it is 0 there is no wave.
 * @param cycles how often it comes round in a clip; a whole number.
 * @param nodeAt the wave's node at a phase: linear in its cosine and sine.
 */
export function runningWave(
  space: EffectSpace,
  strength: Float32Array,
  cycles: number,
  phaseAt: (x: number, y: number) => number,
  nodeAt: (index: number, cosine: number, sine: number) => Node,
): readonly Wave[] {
  // cos(p - a) is cos(p)·cos(a) + sin(p)·sin(a), and sin(p - a) is sin(p)·cos(a) - cos(p)·sin(a).
  const ahead = new Float32Array(space.columns * space.rows * nodeNumbers);
  const field = fillField(space, (index, x, y) => {
    if (strength[index] === 0) return undefined;
    const phase = phaseAt(x, y);
    const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
    setNode(ahead, index, nodeAt(index, sine, -cosine));
    return nodeAt(index, cosine, sine);
  });
  const angle = (turn: number) => 2 * Math.PI * cycles * turn;
  return [
    { field, weightAt: ({ turn, share }) => share * Math.cos(angle(turn)) },
    { field: ahead, weightAt: ({ turn, share }) => share * Math.sin(angle(turn)) },
  ];
}

/** How often something of about `periodSeconds` comes round in a clip: a whole number. */
export function cyclesOf({ seconds }: Pick<EffectSpace, "seconds">, periodSeconds: number): number {
  return Math.max(1, Math.round(seconds / periodSeconds));
}
