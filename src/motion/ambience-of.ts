import { readCoarseMap } from "../scene/coarse-map.ts";
import type { Box } from "../scene/plan.ts";
import type { Scene } from "../scene/scene.ts";
import type { ClipAmbience } from "./ambience.ts";
import type { RenderRequest } from "./render.ts";

/**
 * What a render's plan and its still say about effects.
 * @param window the part of the still that the clip shows.
 */
export function ambienceOf(
  { plan, fps }: Pick<RenderRequest, "plan" | "fps">,
  window: Box,
  scene: Scene,
): ClipAmbience {
  return {
    ...{ scene, window, fps },
    effects: plan.effects ?? [],
    rigid: plan.rigid ?? [],
    people: plan.people && readCoarseMap(plan.people),
  };
}
