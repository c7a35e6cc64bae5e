import type { ErrorCode } from "../errors.ts";
import type { MediaTool } from "../media/media.ts";
import type { RenderRequest, RenderResult } from "./render.ts";

/** What a render Worker is told. It renders one clip at a time. */
export type ToWorker =
  | { readonly kind: "render"; readonly job: RenderJob }
  /** Ends the clip at work as `cancelled`. */
  | { readonly kind: "cancel" }
  /** Ends the Worker. */
  | { readonly kind: "end" };

export interface RenderJob {
  readonly request: RenderRequest;
  /** The ffmpeg that was found when the program started. */
  readonly tool: MediaTool;
  readonly encoderThreads: number;
}

/** What a render Worker tells. */
export type FromWorker =
  | { readonly kind: "progress"; readonly frames: number; readonly framesTotal: number }
  | { readonly kind: "rendered"; readonly result: RenderResult }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An AppError in a form that can be sent from thread to thread. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry: boolean;
  /** What went wrong underneath, as text for the log. */
  readonly cause: string;
}
