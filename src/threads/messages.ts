import type { Failure } from "./failure.ts";

/** What a Worker is told. It does one task at a time. */
export type ToWorker<Task> =
  | { readonly kind: "task"; readonly task: Task }
  /** Ends the task at work as `cancelled`. */
  | { readonly kind: "cancel" }
  /** Ends the Worker. */
  | { readonly kind: "end" };

/** What a Worker tells: any progress, and then how the task ended. */
export type FromWorker<Result, Progress = never> =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "failed"; readonly failure: Failure };
