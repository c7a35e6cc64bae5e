import type { Box, Point } from "./plan.ts";

/**
 * What a still shows, in words and numbers that people and programs can use; kept with the
 * generation beside the plan that was made of it.
 */
export interface Sight {
  /** Null where nobody looked for it. */
  readonly nsfw: NsfwVerdict | null;
  /** Where the subject is. */
  readonly focal: Point;
  /** What stands out, the surest first. */
  readonly subjects: readonly Subject[];
  /** How far down the horizon lies, 0 to 1, and how sure that is, 0 to 1. */
  readonly horizon: { readonly y: number; readonly confidence: number };
  /** How much of the picture is sky, 0 to 1. */
  readonly skyFraction: number;
  /** At most five colours as `#rrggbb`, the most common first. */
  readonly palette: readonly string[];
  /** The mean of the luma, 0 to 1. */
  readonly brightness: number;
  /** The standard deviation of the luma over the largest there can be, 0 to 1. */
  readonly contrast: number;
  /** How sure it is that near and far can be told apart, 0 to 1. */
  readonly depthConfidence: number;
  /** Words for what was found, in a fixed vocabulary. */
  readonly labels: readonly string[];
  /** One phrase, such as "two people in front of a pale backdrop, warm light". */
  readonly caption: string;
}

export interface Subject {
  readonly kind: "face" | "person" | "object";
  readonly box: Box;
  /** How sure it is, 0 to 1. */
  readonly score: number;
}

/** The classes of the NSFW net, in the order of its output. */
export const nsfwClasses = ["drawing", "hentai", "neutral", "porn", "sexy"] as const;
export type NsfwClass = (typeof nsfwClasses)[number];

export interface NsfwVerdict {
  /** Shares of the five classes; they add up to 1. */
  readonly scores: { readonly [C in NsfwClass]: number };
  /** `review` passes, and says that a person might want to look. */
  readonly decision: "pass" | "review" | "block";
}
