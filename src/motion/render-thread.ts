import { AppError } from "../errors.ts";
import type { Failure, FromWorker, RenderJob, ToWorker } from "./messages.ts";
import type { RenderOptions, RenderResult } from "./render.ts";

/** A render Worker as seen from outside: one render at a time. */
export interface RenderThread {
  render(job: RenderJob, onProgress: RenderOptions["onProgress"]): Promise<RenderResult>;
  /** Asks the render at work to stop; it then fails as `cancelled`. */
  cancel(): void;
  /** Ends the thread, in the midst of whatever it does; what it was rendering fails. */
  kill(): Promise<void>;
  /** Lets an idle thread end by itself. */
  end(): Promise<void>;
  /** Whether it can take another render. */
  isAlive(): boolean;
}

/** The platform's Worker, as far as it is used. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  terminate(): void;
  addEventListener(type: "message", listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(type: "close", listener: () => void): void;
}

interface Pending {
  readonly resolve: (result: RenderResult) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: RenderOptions["onProgress"];
}

/** Puts a thread round a Worker that was just started. */
export function createRenderThread(worker: WorkerPort): RenderThread {
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
    if (data.kind === "progress") pending?.onProgress?.(data.frames, data.framesTotal);
    if (data.kind === "rendered") settle(({ resolve }) => resolve(data.result));
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
    render: (job, onProgress) => {
      const { promise, resolve, reject } = Promise.withResolvers<RenderResult>();
      pending = { resolve, reject, onProgress };
      worker.postMessage({ kind: "render", job });
      return promise;
    },
    cancel: () => worker.postMessage({ kind: "cancel" }),
    kill: () => {
      alive = false;
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

/** Whatever ended the thread may not happen again, so another attempt is worth it. */
function crashed(cause: unknown): AppError {
  const message = "the local engine ended in the midst of the render";
  return new AppError("i2v_failed", message, { cause, retry: true });
}

function errorOf({ code, message, retry, cause }: Failure): AppError {
  return new AppError(code, message, { retry, ...(cause === "" ? {} : { cause }) });
}
