import { createField, type Field } from "./field/field.ts";
import type { CoarseMap } from "./plan.ts";

/** The map as a field of 0 to 1; undefined when its bytes are not those of its size. */
export function readCoarseMap({ width, height, bytes }: CoarseMap): Field | undefined {
  const levels = Buffer.from(bytes, "base64");
  if (levels.length !== width * height || levels.length === 0) return undefined;
  const field = createField({ width, height });
  for (let index = 0; index < levels.length; index++) {
    field.samples[index] = (levels[index] as number) / 255;
  }
  return field;
}
