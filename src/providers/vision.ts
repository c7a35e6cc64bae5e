import type { Mode, Motion, Plan } from "../scene/plan.ts";
import type { Sight } from "../scene/sight.ts";

export interface VisionRequest {
  /** The checked source on this machine. */
  readonly sourcePath: string;
  readonly motion: Motion;
  readonly mode: Mode;
  /** The caller's own prompt, used instead of one of ours. */
  readonly prompt: string | undefined;
  /** The brand context as text for the prompt, or undefined. */
  readonly brand: string | undefined;
}

export interface VisionResult {
  /** The motion prompt, at most 500 characters. */
  readonly prompt: string;
  readonly plan: Plan;
  /** What was seen, kept with the generation. */
  readonly sight: Sight;
}

/** Looks at a still and says how it should move. */
export interface VisionProvider {
  readonly name: string;
  /**
   * @throws AppError `vision_blocked`, `vision_timeout`, `source_unsupported`, `cancelled`,
   * `unavailable`, or `i2v_failed` with a cause.
   */
  describe(request: VisionRequest, signal: AbortSignal): Promise<VisionResult>;
}
