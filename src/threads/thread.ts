import { AppError } from "../errors.ts";
import { errorOf } from "./failure.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** A Worker as seen from outside: one task at a time. */
export interface Thread<Task, Result, Progress = never> {
  /** @throws AppError what the Worker tells, or `i2v_failed` when it ends in the midst of it. */
  run(task: Task, onProgress?: (progress: Progress) => void): Promise<Result>;
  /** Asks the task at work to stop; it then fails as `cancelled`. */
  cancel(): void;
  /** Ends the thread, in the midst of whatever it does; its task fails. Resolves when it ended. */
  kill(): Promise<void>;
  /** Lets an idle thread end by itself. */
  end(): Promise<void>;
  /** Whether it can take another task. */
  isAlive(): boolean;
}

export interface ThreadOptions {
  /** What is told of a task whose thread ended in the midst of it. */
  readonly crashMessage: string;
  /**
   * When the task of a killed thread fails: at once, for native code may go on for long, or when
   * the thread has ended and can no longer write what is then to be removed.
   */
  readonly killedTaskFails: "at-once" | "when-ended";
}

/** The platform's Worker, as far as it is used. */
export interface WorkerPort<Task, Result, Progress = never> {
  postMessage(message: ToWorker<Task>): void;
  terminate(): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<FromWorker<Result, Progress>>) => void,
  ): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(type: "close", listener: () => void): void;
}

interface Pending<Result, Progress> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Puts a thread round a Worker that was just started. */
export function createThread<Task, Result, Progress = never>(
  worker: WorkerPort<Task, Result, Progress>,
  { crashMessage, killedTaskFails }: ThreadOptions,
): Thread<Task, Result, Progress> {
  let pending: Pending<Result, Progress> | undefined;
  let alive = true;
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();

  const settle = (how: (waiting: Pending<Result, Progress>) => void) => {
    const waiting = pending;
    pending = undefined;
    if (waiting) how(waiting);
  };
  // Whatever ended the thread may not happen again, so another attempt is worth it.
  const crash = (cause: unknown) => {
    alive = false;
    const error = () => new AppError("i2v_failed", crashMessage, { cause, retry: true });
    settle(({ reject }) => reject(error()));
  };
  worker.addEventListener("message", ({ data }) => {
    if (data.kind === "progress") pending?.onProgress?.(data.progress);
    if (data.kind === "done") settle(({ resolve }) => resolve(data.result));
    if (data.kind === "failed") settle(({ reject }) => reject(errorOf(data.failure)));
  });
  worker.addEventListener("error", (event) => {
    crash(event.error ?? event.message);
    worker.terminate();
  });
  worker.addEventListener("close", () => {
    crash("the thread ended");
    close();
  });

  return {
    run: (task, onProgress) => {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      pending = { resolve, reject, onProgress };
      worker.postMessage({ kind: "task", task });
      return promise;
    },
    cancel: () => worker.postMessage({ kind: "cancel" }),
    kill: () => {
      alive = false;
      if (killedTaskFails === "at-once") crash("the thread was ended");
      worker.terminate();
      return closed;
    },
    end: () => {
      alive = false;
      worker.postMessage({ kind: "end" });
      return closed;
    },
    isAlive: () => alive,
  };
}
