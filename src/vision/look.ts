import type { Motion, Plan } from "../scene/plan.ts";
import type { Sight } from "../scene/sight.ts";

export interface SightConfig {
  /** A picture that scores this much or more is blocked; undefined: nobody looks. */
  readonly nsfwThreshold: number | undefined;
  /** The path of an ONNX depth model, or undefined: nothing of it is loaded. */
  readonly depthModelPath: string | undefined;
}

/** One still to look at: a checked source on this machine. */
export interface LookRequest {
  readonly sourcePath: string;
  readonly motion: Motion;
}

/** What was seen, and how the still should move because of it. */
export interface Look {
  readonly sight: Sight;
  readonly plan: Plan;
}

/** Local sight: looks at stills in a Worker of its own, never on the calling thread. */
export interface LocalSight {
  /**
   * The same picture gives the same answer.
   * @throws AppError `vision_blocked`, `vision_timeout`, `source_unsupported`, `cancelled`,
   * `unavailable` when too many wait, or `i2v_failed` when the Worker ended in the midst of it.
   */
  look(request: LookRequest, signal: AbortSignal): Promise<Look>;
  /** Tries the depth model, if there is one. @throws AppError `invalid_config`. */
  check(): Promise<void>;
  /** Ends what is at work as cancelled, and the Worker. */
  close(): Promise<void>;
}
