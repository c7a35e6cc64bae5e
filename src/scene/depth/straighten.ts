import { findComponents } from "../field/components.ts";
import { clamp, type Field, mapField, meanOf } from "../field/field.ts";
import type { StraightLine } from "../lines/line.ts";
import { freedomFromLines } from "../lines/line-freedom.ts";
import { fitPlane, type Plane, planeAt } from "./plane.ts";

/** Where lines have a say in this much of a picture, it begins to be all of one plane. */
const coverMin = 0.35;
const coverMax = 0.7;

/** Less say than this is none. */
const sayMin = 1e-3;

/**
 * Lays straight lines on planes, so that they stay straight: what lies on a plane is moved by an
 * affine map. Lines that are near each other share a plane, so that a house stays a house. Away
 * from lines depth remains what it was, unless they are everywhere.
 */
export function straighten(field: Field, lines: readonly StraightLine[]): Field {
  if (lines.length === 0) return field;
  const freedom = freedomFromLines(field, lines);
  const say = mapField(freedom, (free) => 1 - free);
  const sayAt = (index: number) => say.samples[index] as number;
  const planes = new Array<Plane | undefined>(field.samples.length);
  for (const { indexes } of findComponents(say, sayMin)) {
    const plane = fitPlane(field, indexes, (index) => sayAt(index) * weightOf(field, index));
    for (const index of indexes) planes[index] = plane;
  }
  const local = mapField(field, (own, index) => {
    const plane = planes[index];
    return plane ? own + (planeAt(plane, field, index) - own) * sayAt(index) : own;
  });
  const cover = clamp((meanOf(say) - coverMin) / (coverMax - coverMin));
  if (cover === 0) return local;
  const whole = fitPlane(field, field.samples.keys(), sayAt);
  return mapField(local, (own, index) => own + (planeAt(whole, field, index) - own) * cover);
}

/** An edge belongs to what is in front, so that the near side decides how near it is. */
function weightOf({ samples }: Field, index: number): number {
  return 0.1 + (samples[index] as number) ** 2;
}
