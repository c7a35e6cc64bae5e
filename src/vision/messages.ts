import type { ErrorCode } from "../errors.ts";
import type { Look, LookRequest, SightConfig } from "./look.ts";

/** What the sight Worker is told. It does one task at a time. */
export type ToSightWorker =
  | { readonly kind: "task"; readonly task: SightTask }
  /** Ends the task at work as `cancelled`. */
  | { readonly kind: "cancel" }
  /** Ends the Worker. */
  | { readonly kind: "end" };

export type SightTask =
  | { readonly kind: "look"; readonly request: LookRequest; readonly config: SightConfig }
  /** Loads the depth model and runs it once. */
  | { readonly kind: "try-depth"; readonly path: string };

/** What the sight Worker tells. */
export type FromSightWorker =
  | { readonly kind: "done"; readonly look: Look | undefined }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An AppError in a form that can be sent from thread to thread. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry: boolean;
  /** What went wrong underneath, as text for the log. */
  readonly cause: string;
}
