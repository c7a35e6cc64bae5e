import { smooth } from "../field/box-mean.ts";
import type { Field } from "../field/field.ts";
import type { Point } from "../plan.ts";

/** The middle of the brightest spot, which is a few pixels wide: a glint is no light. */
export function findLight(luma: Field): Point {
  const { width, height, samples } = smooth(luma, Math.max(2, Math.round(luma.width / 60)));
  let brightest = 0;
  for (let index = 0; index < samples.length; index++) {
    if ((samples[index] as number) > (samples[brightest] as number)) brightest = index;
  }
  return {
    x: ((brightest % width) + 0.5) / width,
    y: (Math.floor(brightest / width) + 0.5) / height,
  };
}
