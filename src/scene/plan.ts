/** How strongly the picture moves. */
export const motions = ["subtle", "medium", "kinetic"] as const;
export type Motion = (typeof motions)[number];

/** How the clip is played: for ever, once on entry, or while the pointer is over it. */
export const modes = ["loop", "animate-in", "animate-on-hover"] as const;
export type Mode = (typeof modes)[number];

/** The output's framing; `preserve` keeps the source's ratio. */
export const aspects = ["1:1", "16:9", "9:16", "preserve"] as const;
export type Aspect = (typeof aspects)[number];

export const durationSecondsMin = 2;
export const durationSecondsMax = 8;

/** A point of the picture, both axes 0 to 1 from the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What vision says a still contains and how it wants it moved; it drives the engine. */
export interface Plan {
  /** The subject: it stays in place, and a crop keeps it. */
  readonly focal: Point;
  /** `flat` moves the picture as one rigid sheet; `parallax` lets near and far part. */
  readonly camera: "flat" | "parallax";
}
