import { failpoint } from "../../failpoint.ts";
import type { CheckpointReply, CheckpointRequest } from "./checkpoint-messages.ts";

/** How a request ended; after `unavailable` there is no thread to ask any more. */
export type CheckpointEnd =
  | Exclude<CheckpointReply, { readonly kind: "begun" }>
  | { readonly kind: "unavailable"; readonly reason: string };

/** The worker that checkpoints one file, with a connection of its own. */
export interface CheckpointThread {
  /** One checkpoint; the present one must have ended. Never rejects. */
  checkpoint(): Promise<CheckpointEnd>;
  /** Resolves once the file is let go of, or after `closeMsMax`. */
  close(): Promise<void>;
}

const closeMsMax = 5000;

export function startCheckpointThread(path: string): CheckpointThread {
  // Without `ref` it does not keep a command alive that is otherwise finished.
  const file = new URL("./checkpoint-worker.ts", import.meta.url);
  const worker = new Worker(file, { smol: true, ref: false });
  let onEnd: ((end: CheckpointEnd) => void) | undefined;
  let onClosed: (() => void) | undefined;
  let lost: CheckpointEnd | undefined;

  const ask = (request: CheckpointRequest) => worker.postMessage(request);
  worker.addEventListener("message", ({ data }: MessageEvent<CheckpointReply>) => {
    if (data.kind === "begun") failpoint("during_checkpoint");
    else if (data.kind === "closed") onClosed?.();
    else onEnd?.(data);
  });
  worker.addEventListener("error", ({ message }) => {
    lost = { kind: "unavailable", reason: message };
    onEnd?.(lost);
    onClosed?.();
  });
  ask({ kind: "open", path });

  return {
    checkpoint() {
      if (lost) return Promise.resolve(lost);
      const { promise, resolve } = Promise.withResolvers<CheckpointEnd>();
      onEnd = resolve;
      ask({ kind: "checkpoint" });
      return promise;
    },
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      onClosed = resolve;
      const timer = setTimeout(resolve, closeMsMax);
      if (!lost) ask({ kind: "close" });
      if (!lost) await promise;
      clearTimeout(timer);
      worker.terminate();
    },
  };
}
