import { createField, type Field, sampleField } from "./field/field.ts";
import type { CropWindow } from "./framing.ts";
import type { Box, Point } from "./plan.ts";

/** A part of a still, in pixels, as shares of it. */
export function windowOf(
  { left, top, width, height }: CropWindow,
  still: { readonly width: number; readonly height: number },
): Box {
  return {
    left: left / still.width,
    top: top / still.height,
    width: width / still.width,
    height: height / still.height,
  };
}

/** A point of the still as one of the window; outside of 0 to 1 when it is not in it. */
export function pointInWindow(point: Point, window: Box): Point {
  return {
    x: (point.x - window.left) / window.width,
    y: (point.y - window.top) / window.height,
  };
}

/** A box of the still as one of the window. */
export function boxInWindow(box: Box, window: Box): Box {
  return {
    left: (box.left - window.left) / window.width,
    top: (box.top - window.top) / window.height,
    width: box.width / window.width,
    height: box.height / window.height,
  };
}

/** What a field of the whole still shows in a window, as finely as it shows it. */
export function cropField(field: Field, window: Box): Field {
  const cropped = createField({
    width: Math.max(2, Math.round(field.width * window.width)),
    height: Math.max(2, Math.round(field.height * window.height)),
  });
  for (let index = 0; index < cropped.samples.length; index++) {
    const x = ((index % cropped.width) + 0.5) / cropped.width;
    const y = (Math.floor(index / cropped.width) + 0.5) / cropped.height;
    const [inX, inY] = [window.left + x * window.width, window.top + y * window.height];
    cropped.samples[index] = sampleField(field, inX, inY);
  }
  return cropped;
}
