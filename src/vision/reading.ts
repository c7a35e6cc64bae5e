import type { Scene } from "../scene/scene.ts";

/** From here on a horizon is one. */
const horizonConfidenceMin = 0.4;
/** As much of the picture as this, and it is a sky. */
const skyShareMin = 0.12;
/** So much of the picture is smooth round a subject on a plain ground, */
const backdropShareMin = 0.2;
/** and so sure it is that something stands out from it. */
const subjectConfidenceMin = 0.2;

/** Ground under a horizon, or a sky that nothing stands out from. */
export function isLandscape({ horizon }: Scene): boolean {
  return horizon.confidence >= horizonConfidenceMin;
}

export function hasSky({ sky }: Scene): boolean {
  return sky.share >= skyShareMin;
}

/** One thing before a plain wall, paper or studio backdrop. */
export function isSubjectOnBackdrop({ backdrop, sky, saliency }: Scene): boolean {
  const isPlain = backdrop.share >= backdropShareMin && sky.share === 0;
  return isPlain && saliency.confidence >= subjectConfidenceMin;
}
