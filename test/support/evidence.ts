import type { Region } from "../../src/scene/parts/region.ts";
import type { Scene } from "../../src/scene/scene.ts";
import type { Evidence } from "../../src/vision/evidence.ts";
import type { Face } from "../../src/vision/faces.ts";

const field = { width: 4, height: 4, samples: new Float32Array(16) };

/** A region of this share of the picture; where it lies is nobody's business here. */
export function region(share: number): Region {
  return { mask: field, share };
}

/** A photograph in which nothing is sure. */
export const vagueScene: Scene = {
  width: 4,
  height: 4,
  kind: "photo",
  horizon: { y: 0.5, confidence: 0 },
  saliency: { field, confidence: 0, focal: undefined },
  focus: { field, confidence: 0 },
  backdrop: region(0),
  sky: region(0),
  water: region(0),
  foliage: region(0),
  light: { x: 0.9, y: 0.1 },
};

/** A face in the middle of the picture. */
export const middleFace: Face = {
  score: 0.9,
  box: { left: 0.4, top: 0.4, width: 0.2, height: 0.2 },
};

/** What was measured of a vague scene, but for what a test says. */
export function evidenceOf(
  scene: Partial<Scene> = {},
  changes: Partial<Omit<Evidence, "scene">> = {},
): Evidence {
  return {
    scene: { ...vagueScene, ...scene },
    faces: [],
    people: undefined,
    focal: { x: 0.5, y: 0.5 },
    depth: undefined,
    nsfw: null,
    light: {
      brightness: 0.5,
      contrast: 0.3,
      colour: { lightness: 0.5, a: 0, b: 0 },
      isGrey: false,
    },
    palette: ["#808080"],
    colourNames: ["grey", "blue", "white", "red"],
    backdropColour: undefined,
    ...changes,
  };
}
