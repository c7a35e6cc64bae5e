import type { Field } from "./field/field.ts";
import type { Region } from "./parts/region.ts";
import type { Point } from "./plan.ts";

/** What a still contains, as far as its pixels say. All fields have the thumbnail's size. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** `graphic` is what was drawn or set: charts, screens, text, logos, illustrations. */
  readonly kind: "photo" | "graphic";
  /** How far down the horizon lies, 0 to 1, and how sure that is, 0 to 1. */
  readonly horizon: { readonly y: number; readonly confidence: number };
  /** What stands out, how sure it is that anything does, and the largest part's middle. */
  readonly saliency: {
    readonly field: Field;
    readonly confidence: number;
    readonly focal: Point | undefined;
  };
  /** How sharp everything is, and how sure it is that sharp and blurred are two things. */
  readonly focus: { readonly field: Field; readonly confidence: number };
  /** A smooth region that touches the top: the sky, or a studio's backdrop. */
  readonly backdrop: Region;
  readonly sky: Region;
  readonly water: Region;
  readonly foliage: Region;
  /** The brightest spot. */
  readonly light: Point;
}
