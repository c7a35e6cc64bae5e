import { AppError } from "../errors.ts";
import { failureOf } from "./failure.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** How the inside of a Worker reaches the outside. */
export interface WorkerSide<Result, Progress = never> {
  send(message: FromWorker<Result, Progress>): void;
  exit(): void;
}

export interface TaskOptions<Progress> {
  /** Fires when the task is to stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export interface TaskWork<Task, Result, Progress> {
  perform(task: Task, options: TaskOptions<Progress>): Promise<Result>;
  /**
   * After a failure that nobody foresaw, which no AppError is: lets go of what was kept for the
   * next task and may be broken now, and makes the error that is told.
   */
  recover(thrown: unknown): AppError;
}

/** The inside of a Worker: takes its messages, one task at a time. */
export function serveTasks<Task, Result, Progress = never>(
  { send, exit }: WorkerSide<Result, Progress>,
  { perform, recover }: TaskWork<Task, Result, Progress>,
): (message: ToWorker<Task>) => void {
  let cancelling = new AbortController();

  const run = async (task: Task): Promise<void> => {
    cancelling = new AbortController();
    const { signal } = cancelling;
    const onProgress = (progress: Progress) => send({ kind: "progress", progress });
    try {
      const result = await perform(task, { signal, onProgress });
      send({ kind: "done", result });
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : recover(thrown);
      send({ kind: "failed", failure: failureOf(error) });
    }
  };

  return (message) => {
    if (message.kind === "task") void run(message.task);
    if (message.kind === "cancel") cancelling.abort();
    if (message.kind === "end") exit();
  };
}
