import type { Box, Effect, Motion, Plan, Point } from "../scene/plan.ts";
import type { Evidence } from "./evidence.ts";
import { isLandscape, isSubjectOnBackdrop } from "./reading.ts";

/** What faces leave of the parallax: at full strength a head seems to turn. */
const faceParallax = 0.8;

/** Which motions show an effect, besides what it needs to be seen in the still. */
const effectMotions: { readonly [E in Effect]: readonly Motion[] } = {
  drift: ["subtle", "medium", "kinetic"],
  shimmer: ["subtle", "medium", "kinetic"],
  sway: ["medium", "kinetic"],
  light: ["medium", "kinetic"],
  dust: ["kinetic"],
};

/** Less of the picture than this does not move by itself. */
const skyShareMin = 0.12;
const waterShareMin = 0.08;
const foliageShareMin = 0.1;

/** A face lower than this, of the picture's height, is that of somebody in a landscape. */
const faceHeightMax = 0.12;

/** How sure sharp against blurred must be, to say what is near. */
const focusConfidenceMin = 0.4;
/** How sure it must be that something stands out, where nothing else is known. */
const saliencyConfidenceMin = 0.28;

/**
 * How a still should move. Near and far part where faces, a horizon, a subject on a backdrop, a
 * shallow focus or a depth model say which is which; a drawing, and a still of which nothing is
 * sure, moves as one sheet.
 */
export function planCamera(evidence: Evidence, motion: Motion): Plan {
  const { scene, faces, people, depth, focal } = evidence;
  if (scene.kind === "graphic") return { focal, camera: "flat" };
  const effects = effectsOf(evidence, motion);
  const shared = { focal, ...(effects.length === 0 ? {} : { effects }) };
  if (!hasDepth(evidence)) return { ...shared, camera: "flat" };
  return {
    ...shared,
    camera: "parallax",
    ...(faces.length === 0 ? {} : { parallax: faceParallax, rigid: faces.map(({ box }) => box) }),
    ...(people === undefined ? {} : { people: people.map }),
    ...(depth === undefined ? {} : { depth }),
  };
}

function hasDepth(evidence: Evidence): boolean {
  const { scene, faces, depth } = evidence;
  return (
    depth !== undefined ||
    faces.length > 0 ||
    isLandscape(scene) ||
    isSubjectOnBackdrop(scene) ||
    scene.focus.confidence >= focusConfidenceMin ||
    scene.saliency.confidence >= saliencyConfidenceMin
  );
}

function effectsOf({ scene, faces }: Evidence, motion: Motion): readonly Effect[] {
  const boxes = faces.map(({ box }) => box);
  const isSeen: { readonly [E in Effect]: boolean } = {
    // Behind a face, what is even and bright is a wall as often as a sky.
    drift: scene.sky.share >= skyShareMin && boxes.every(({ height }) => height < faceHeightMax),
    shimmer: scene.water.share >= waterShareMin,
    sway: scene.foliage.share >= foliageShareMin,
    // What brightens and dims must not be a face, and dust before a face is dirt on it.
    light: !boxes.some((box) => contains(grown(box), scene.light)),
    dust: boxes.length === 0,
  };
  const effects = ["drift", "light", "dust", "shimmer", "sway"] as const;
  return effects.filter((effect) => isSeen[effect] && effectMotions[effect].includes(motion));
}

function grown({ left, top, width, height }: Box): Box {
  return { left: left - width / 2, top: top - height / 2, width: 2 * width, height: 2 * height };
}

function contains({ left, top, width, height }: Box, { x, y }: Point): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}
