import type { EffectSpace } from "../../src/motion/effects/effect.ts";
import { createEffectSpace, type SpaceRequest } from "../../src/motion/effects/space.ts";
import { createRandom } from "../../src/motion/random.ts";
import type { Region } from "../../src/scene/parts/region.ts";
import type { Box } from "../../src/scene/plan.ts";

/** Scenes whose regions are boxes, drawn by hand. */

const size = { width: 96, height: 54 };

/** All four of the box are 0 to 1 of the still. */
export function boxRegion({ left, top, width, height }: Box): Region {
  const samples = Float32Array.from({ length: size.width * size.height }, (_, index) => {
    const x = ((index % size.width) + 0.5) / size.width;
    const y = (Math.floor(index / size.width) + 0.5) / size.height;
    return x >= left && x <= left + width && y >= top && y <= top + height ? 1 : 0;
  });
  return { mask: { ...size, samples }, share: width * height };
}

export const nowhere = boxRegion({ left: 2, top: 2, width: 0, height: 0 });

/** Sky above, leaves from the left to the middle below it, water at the bottom, light aloft. */
export const landscape = {
  kind: "photo",
  sky: boxRegion({ left: 0, top: 0, width: 1, height: 0.45 }),
  foliage: boxRegion({ left: 0, top: 0.45, width: 0.6, height: 0.2 }),
  water: boxRegion({ left: 0, top: 0.65, width: 1, height: 0.35 }),
  light: { x: 0.7, y: 0.2 },
} as const;

export const indoors = { ...landscape, sky: nowhere, foliage: nowhere, water: nowhere };

export const whole: Box = { left: 0, top: 0, width: 1, height: 1 };

export function effectSpace(changes: Partial<SpaceRequest> & { readonly seed?: number } = {}) {
  const space: EffectSpace = {
    ...createEffectSpace({
      ...{ width: 640, height: 360, motion: "medium", mode: "loop", seconds: 4 },
      ...{ scene: landscape, window: whole, rigid: [], people: undefined },
      ...changes,
    }),
    random: createRandom(changes.seed ?? 1),
  };
  return space;
}

/** The numbers of the node nearest to a place of the clip, both axes 0 to 1. */
export function nodeNear(
  { columns, rows }: Pick<EffectSpace, "columns" | "rows">,
  field: Float32Array,
  x: number,
  y: number,
): readonly number[] {
  const index = Math.round(y * (rows - 1)) * columns + Math.round(x * (columns - 1));
  return [...field.subarray(index * 4, index * 4 + 4)];
}
