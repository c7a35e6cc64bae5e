import type { CoarseMap, Point } from "../scene/plan.ts";
import type { Scene } from "../scene/scene.ts";
import type { NsfwVerdict } from "../scene/sight.ts";
import type { Light } from "./colours.ts";
import type { Face } from "./faces.ts";
import type { People } from "./people.ts";

/** All that was measured of a still, before anything is made of it. */
export interface Evidence {
  readonly scene: Scene;
  readonly faces: readonly Face[];
  /** Undefined where there is no face. */
  readonly people: People | undefined;
  /** Where the subject is. */
  readonly focal: Point;
  /** From the operator's depth model. */
  readonly depth: CoarseMap | undefined;
  /** Null where nobody looked. */
  readonly nsfw: NsfwVerdict | null;
  readonly light: Light;
  readonly palette: readonly string[];
  /** How people call the colours of the palette, each once. */
  readonly colourNames: readonly string[];
  /** How people call the colour of the backdrop; undefined where there is none. */
  readonly backdropColour: string | undefined;
}
