import { AppError } from "../errors.ts";
import type { Look } from "./look.ts";
import type { Failure, FromSightWorker, SightTask, ToSightWorker } from "./messages.ts";

/** The sight Worker as seen from outside: one task at a time. */
export interface SightThread {
  run(task: SightTask): Promise<Look | undefined>;
  /** Asks the task at work to stop; it then fails as `cancelled`. */
  cancel(): void;
  /** Ends the thread, in the midst of whatever it does; its task fails. */
  kill(): void;
  /** Lets an idle thread end by itself. */
  end(): Promise<void>;
  /** Whether it can take another task. */
  isAlive(): boolean;
}

/** The platform's Worker, as far as it is used. */
export interface SightPort {
  postMessage(message: ToSightWorker): void;
  terminate(): void;
  addEventListener(type: "message", listener: (event: MessageEvent<FromSightWorker>) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(type: "close", listener: () => void): void;
}

interface Pending {
  readonly resolve: (look: Look | undefined) => void;
  readonly reject: (error: AppError) => void;
}

/** Puts a thread round a Worker that was just started. */
export function createSightThread(worker: SightPort): SightThread {
  let pending: Pending | undefined;
  let alive = true;
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();

  const settle = (how: (waiting: Pending) => void) => {
    const waiting = pending;
    pending = undefined;
    if (waiting) how(waiting);
  };
  const crash = (cause: unknown) => {
    alive = false;
    settle(({ reject }) => reject(crashed(cause)));
  };
  worker.addEventListener("message", ({ data }) => {
    if (data.kind === "done") settle(({ resolve }) => resolve(data.look));
    else settle(({ reject }) => reject(errorOf(data.failure)));
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
    run: (task) => {
      const { promise, resolve, reject } = Promise.withResolvers<Look | undefined>();
      pending = { resolve, reject };
      worker.postMessage({ kind: "task", task });
      return promise;
    },
    cancel: () => worker.postMessage({ kind: "cancel" }),
    kill: () => {
      crash("the thread was ended");
      worker.terminate();
    },
    end: () => {
      alive = false;
      worker.postMessage({ kind: "end" });
      return closed;
    },
    isAlive: () => alive,
  };
}

/** Whatever ended the thread may not happen again, so another attempt is worth it. */
function crashed(cause: unknown): AppError {
  const message = "local sight ended in the midst of the picture";
  return new AppError("i2v_failed", message, { cause, retry: true });
}

function errorOf({ code, message, retry, cause }: Failure): AppError {
  return new AppError(code, message, { retry, ...(cause === "" ? {} : { cause }) });
}
