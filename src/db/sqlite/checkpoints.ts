import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type CheckpointThread, startCheckpointThread } from "./checkpoint-thread.ts";

/** Moves the write-ahead log into the database file, off the thread that serves. */
export interface Checkpoints {
  /** Something was committed: a checkpoint follows, at most `intervalMs` later. */
  noteCommit(): void;
  /** Resolves once the file is let go of. */
  close(): Promise<void>;
}

export interface CheckpointsDeps {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once when there is no thread to be had: the writer must checkpoint by itself. */
  readonly onUnavailable: () => void;
}

/** Commits within this time share one checkpoint. Without commits no timer runs. */
const intervalMs = 250;

/**
 * Opens the checkpointer; its thread starts with the first commit. SQLite would otherwise
 * checkpoint inside a commit, and its fsync would hold up every request of the process.
 */
export function openCheckpoints({ path, clock, log, onUnavailable }: CheckpointsDeps): Checkpoints {
  let thread: CheckpointThread | undefined;
  let cancelTimer: (() => void) | undefined;
  let state: "idle" | "waiting" | "running" | "off" = "idle";
  let isDirty = false;
  let hasFailed = false;

  const run = async () => {
    thread ??= startCheckpointThread(path);
    state = "running";
    isDirty = false;
    const end = await thread.checkpoint();
    if (state !== "running") return;
    if (end.kind === "failed" && !hasFailed) log.warn("checkpoint_failed", { reason: end.reason });
    hasFailed = end.kind === "failed";
    if (end.kind === "unavailable") {
      log.warn("checkpoint_thread_unavailable", { reason: end.reason });
      state = "off";
      return onUnavailable();
    }
    state = "idle";
    if (isDirty) wait();
  };
  const wait = () => {
    state = "waiting";
    cancelTimer = clock.schedule(intervalMs, run);
  };

  return {
    noteCommit() {
      isDirty = true;
      if (state === "idle") wait();
    },
    async close() {
      state = "off";
      cancelTimer?.();
      await thread?.close();
    },
  };
}
