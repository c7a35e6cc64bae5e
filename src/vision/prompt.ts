import type { Effect, Mode, Motion, Plan } from "../scene/plan.ts";

const promptLengthMax = 500;

/** What the prompt says of each intensity. */
const amplifiers: { readonly [M in Motion]: string } = {
  subtle: "light parallax and a slow, breathing camera",
  medium: "a clear but calm camera move around the subject",
  kinetic: "a strong camera move with depth and energy",
};

/** How the clip is to end, by the way it is played. */
const endings: { readonly [M in Mode]: string } = {
  loop: ", ending exactly as it began",
  "animate-in": ", coming to rest in the still",
  "animate-on-hover": ", leaving the still and coming back to it",
};

const effectHints: { readonly [E in Effect]: string } = {
  drift: "clouds drift",
  light: "the light breathes",
  dust: "dust floats in the air",
  shimmer: "the water shimmers",
  sway: "leaves sway",
};

export interface PromptRequest {
  readonly caption: string;
  readonly plan: Plan;
  readonly motion: Motion;
  readonly mode: Mode;
  /** The brand context as text, or undefined. */
  readonly brand: string | undefined;
}

/**
 * The motion prompt, 500 characters at most: what is seen, how it moves, how it ends, and the
 * brand last, which is what gives way when there is too much of it.
 */
export function promptOf({ caption, plan, motion, mode, brand }: PromptRequest): string {
  const seen = `${caption.charAt(0).toUpperCase()}${caption.slice(1)}.`;
  const move =
    plan.camera === "flat"
      ? "a gentle camera move that keeps every line straight"
      : amplifiers[motion];
  const hints = (plan.effects ?? []).map((effect) => effectHints[effect]);
  const ambience = hints.length === 0 ? "" : ` while ${hints.join(", ")}`;
  const kept = brand === undefined ? "" : ` In keeping with: ${brand}`;
  const text = `${seen} Bring it to life with ${move}${ambience}${endings[mode]}.${kept}`;
  return text.slice(0, promptLengthMax);
}
