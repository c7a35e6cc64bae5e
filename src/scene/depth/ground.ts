import { createField, type Field } from "../field/field.ts";
import type { Scene } from "../scene.ts";

/** Where the horizon is taken to lie when nothing says so. */
const likelyHorizon = 0.35;

/** The depth of the horizon itself; what is above it is farther still. */
const horizonDepth = 0.1;

/** The ground comes nearer faster in the distance than at one's feet. */
const groundBend = 0.75;

/** How near an empty plain under an empty sky is at each height, 0 to 1 from the top. */
export function groundDepth({ y, confidence }: Scene["horizon"]): (height: number) => number {
  const horizon = Math.max(0.01, y * confidence + likelyHorizon * (1 - confidence));
  return (height) => {
    if (height < horizon) return horizonDepth * (height / horizon);
    return horizonDepth + (1 - horizonDepth) * ((height - horizon) / (1 - horizon)) ** groundBend;
  };
}

/** The plain as a field. */
export function groundField(size: Pick<Field, "width" | "height">, horizon: Scene["horizon"]) {
  const field = createField(size);
  const depthAt = groundDepth(horizon);
  for (let row = 0; row < size.height; row++) {
    const depth = depthAt(row / size.height);
    field.samples.fill(depth, row * size.width, (row + 1) * size.width);
  }
  return field;
}
