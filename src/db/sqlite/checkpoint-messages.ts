/** What the thread that checkpoints is asked. */
export type CheckpointRequest =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "checkpoint" }
  | { readonly kind: "close" };

/** What it answers. */
export type CheckpointReply =
  | { readonly kind: "begun" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed" };
