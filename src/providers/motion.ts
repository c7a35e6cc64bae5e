import type { Aspect, Mode, Motion, Plan } from "../scene/plan.ts";

/** One clip asked of a provider: a whole loop, or the one run of another mode. */
export interface MotionRequest {
  readonly generationId: string;
  readonly stage: "stage1" | "single";
  /** The checked source on this machine. */
  readonly sourcePath: string;
  /** Where the finished clip is to be written. */
  readonly outputPath: string;
  readonly prompt: string;
  readonly plan: Plan;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly aspect: Aspect;
  readonly durationSeconds: number;
  readonly seed: number;
}

export interface MotionContext {
  readonly signal: AbortSignal;
  /** Frames made so far, from a provider that knows. */
  readonly onProgress?: (frames: number, framesTotal: number) => void;
}

/** A clip that is there, or work that goes on elsewhere under a reference. */
export type MotionOutcome =
  | { readonly state: "done"; readonly costUsdMicros: number }
  | { readonly state: "running"; readonly reference: string; readonly waitMs: number };

/** What a provider promises before it is asked for anything. */
export interface MotionEstimate {
  readonly name: string;
  /** The documented estimate for a whole generation, in milliseconds. */
  etaMs(mode: Mode, durationSeconds: number): number;
  /** What a whole generation costs at most, in millionths of a US dollar; absent when nothing. */
  costUsdMicros?(mode: Mode, durationSeconds: number): number;
}

/** Makes clips from stills. */
export interface MotionProvider extends MotionEstimate {
  readonly model: string;
  /** Starts the work. The reference is stored before anything else happens with it. */
  begin(request: MotionRequest, context: MotionContext): Promise<MotionOutcome>;
  /** Asks after work that `begin` started, perhaps in another process. */
  resume(reference: string, request: MotionRequest, context: MotionContext): Promise<MotionOutcome>;
  /** Stops work elsewhere; succeeds when there is none. */
  cancel(reference: string): Promise<void>;
}
