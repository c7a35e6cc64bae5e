import type { Asset, Generation } from "../db/schema.ts";
import { newProjectDefaults } from "../projects/project.ts";
import type { Aspect, Mode, Motion } from "../scene/plan.ts";

/** One asset asked for, defaults resolved: everything that its id is made from. */
export interface AssetRequest {
  readonly projectId: string;
  /** The full source URL, with scheme, as it will be fetched. */
  readonly src: string;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly durSeconds: number;
  readonly prompt: string | undefined;
  readonly seed: number | undefined;
  readonly aspect: Aspect;
  readonly idem: string | undefined;
}

/** What a source alone asks for, in a project as it was made. */
export function plainRequest(projectId: string, src: string): AssetRequest {
  return {
    projectId,
    src,
    ...newProjectDefaults,
    prompt: undefined,
    seed: undefined,
    aspect: "preserve",
    idem: undefined,
  };
}

/** An asset with the two generations that matter to whoever asks for it. */
export interface AssetView {
  readonly asset: Asset;
  /** What happens or happened last. */
  readonly newest: Generation;
  /** What is served, when any was ever ready. */
  readonly current: Generation | undefined;
}
