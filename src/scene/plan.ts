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

/** A part of the picture, all four 0 to 1 of its width and height, from the top left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What may move by itself in a still, always exactly periodic. */
export const effects = ["drift", "light", "dust", "shimmer", "sway"] as const;
export type Effect = (typeof effects)[number];

/** A coarse map of the picture that fits into a plan's JSON: rows of bytes, 0 to 255. */
export interface CoarseMap {
  /** At most 256 by 256. */
  readonly width: number;
  readonly height: number;
  /** `width * height` bytes in base64. */
  readonly bytes: string;
}

/** What vision says a still contains and how it wants it moved; it drives the engine. */
export interface Plan {
  /** The subject: it stays in place, and a crop keeps it. */
  readonly focal: Point;
  /** `flat` moves the picture as one rigid sheet; `parallax` lets near and far part. */
  readonly camera: "flat" | "parallax";
  /** How much of the preset's parallax is used, 0 to 1; all of it when not said. */
  readonly parallax?: number;
  /** What moves by itself; nothing when not said. */
  readonly effects?: readonly Effect[];
  /** What must not bend: faces. */
  readonly rigid?: readonly Box[];
  /** Where people are (255), of the whole upright still. */
  readonly people?: CoarseMap;
  /** How near everything is (255 nearest), from a depth model, of the whole upright still. */
  readonly depth?: CoarseMap;
}
