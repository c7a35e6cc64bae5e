import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { failpoint } from "../failpoint.ts";
import type { Log } from "../log.ts";

export type CheckpointRequest =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "checkpoint" }
  | { readonly kind: "close" };

export type CheckpointReply =
  | { readonly kind: "begun" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "closed" };

/** Moves the write-ahead log into the database file, off the thread that serves. */
export interface Checkpoints {
  /** Something was committed: a checkpoint follows, at most `intervalMs` later. */
  noteCommit(): void;
  /** Resolves once the worker holds the file no more. */
  close(): Promise<void>;
}

export interface CheckpointsDeps {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once when there is no worker to be had: the writer must checkpoint by itself. */
  readonly onUnavailable: () => void;
}

/** Commits within this time share one checkpoint. Without commits no timer runs. */
const intervalMs = 250;
/** How long closing waits for the worker to let go of the file. */
const closeMsMax = 5000;

/**
 * Opens the checkpointer; its worker starts with the first commit. SQLite would otherwise
 * checkpoint inside a commit, and its fsync would hold up every request of the process.
 */
export function openCheckpoints(deps: CheckpointsDeps): Checkpoints {
  let worker: Worker | undefined;
  let cancelTimer: (() => void) | undefined;
  let state: "idle" | "waiting" | "running" | "closed" | "unavailable" = "idle";
  let isDirty = false;
  let hasFailed = false;
  let onClosed: (() => void) | undefined;

  const send = (request: CheckpointRequest) => worker?.postMessage(request);

  const onReply = (reply: CheckpointReply) => {
    if (reply.kind === "begun") return failpoint("during_checkpoint");
    if (reply.kind === "closed") return onClosed?.();
    if (reply.kind === "failed" && !hasFailed) {
      deps.log.warn("checkpoint_failed", { reason: reply.message });
    }
    hasFailed = reply.kind === "failed";
    if (state !== "running") return;
    state = "idle";
    if (isDirty) wait();
  };

  const giveUp = (reason: string) => {
    if (state === "closed") return onClosed?.();
    if (state === "unavailable") return;
    state = "unavailable";
    cancelTimer?.();
    deps.log.warn("checkpoint_worker_unavailable", { reason });
    deps.onUnavailable();
  };

  const begin = () => {
    worker ??= startWorker({ path: deps.path, onReply, onError: giveUp });
    isDirty = false;
    state = "running";
    send({ kind: "checkpoint" });
  };

  const wait = () => {
    state = "waiting";
    cancelTimer = deps.clock.schedule(intervalMs, begin);
  };

  return {
    noteCommit() {
      isDirty = true;
      if (state === "idle") wait();
    },
    async close() {
      cancelTimer?.();
      const hasWorker = worker !== undefined && state !== "unavailable";
      state = "closed";
      if (hasWorker) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, closeMsMax);
          onClosed = () => {
            clearTimeout(timer);
            resolve();
          };
          send({ kind: "close" });
        });
      }
      worker?.terminate();
    },
  };
}

interface WorkerOptions {
  readonly path: string;
  readonly onReply: (reply: CheckpointReply) => void;
  readonly onError: (reason: string) => void;
}

function startWorker({ path, onReply, onError }: WorkerOptions): Worker {
  // Without `ref` it does not keep a command alive that is otherwise finished.
  const worker = new Worker(workerFile(), { smol: true, ref: false });
  worker.addEventListener("message", ({ data }: MessageEvent<CheckpointReply>) => onReply(data));
  worker.addEventListener("error", (event) => onError(event.message));
  worker.postMessage({ kind: "open", path } satisfies CheckpointRequest);
  return worker;
}

/**
 * From source the worker is the file beside this one. In the executable this module has become
 * part of the main entry point, at the root that all entry points share by their paths below `src`.
 */
function workerFile(): string {
  const beside = join(import.meta.dir, "checkpoint-worker.ts");
  return existsSync(beside) ? beside : join(import.meta.dir, "db", "checkpoint-worker.js");
}
