import { AppError, type ErrorCode } from "../errors.ts";
import type { MediaTool } from "../media/media.ts";
import type { Seam } from "./seam.ts";

export type ToSeamWorker =
  | { readonly kind: "measure"; readonly tool: MediaTool; readonly path: string }
  | { readonly kind: "cancel" };

export type FromSeamWorker =
  | { readonly kind: "measured"; readonly seam: Seam }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly retry: boolean;
      /** What went wrong underneath, as text for the log. */
      readonly cause: string;
    };

export interface SeamMeter {
  /**
   * Measures the seam of the clip at `path` on a thread of its own, so that nothing else waits.
   * @throws AppError `i2v_failed`, `i2v_timeout`, `cancelled`.
   */
  measure(path: string, signal: AbortSignal): Promise<Seam>;
  /** Cancels what is being measured. */
  close(): Promise<void>;
}

/** After a cancel the thread has this long to end its ffmpeg; then it is ended itself. */
const cancelMsMax = 400;

export function openSeamMeter({ tool }: { readonly tool: MediaTool }): SeamMeter {
  const closing = new AbortController();
  const running = new Set<Promise<Seam>>();
  return {
    async measure(path, signal) {
      const both = AbortSignal.any([signal, closing.signal]);
      const measuring = measureOnThread(tool, path, both);
      running.add(measuring);
      return measuring.finally(() => running.delete(measuring));
    },
    async close() {
      closing.abort(new Error("the meter was closed"));
      await Promise.allSettled(running);
    },
  };
}

async function measureOnThread(tool: MediaTool, path: string, signal: AbortSignal): Promise<Seam> {
  if (signal.aborted) throw cancelled(signal);
  const worker = new Worker(new URL("./seam-worker.ts", import.meta.url), { name: "seam" });
  const { promise, resolve, reject } = Promise.withResolvers<Seam>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onAbort = () => {
    send(worker, { kind: "cancel" });
    timer = setTimeout(reject, cancelMsMax, cancelled(signal));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  worker.addEventListener("message", ({ data }: MessageEvent<FromSeamWorker>) => {
    if (data.kind === "measured") resolve(data.seam);
    else reject(errorOf(data));
  });
  worker.addEventListener("error", (event) => reject(crashed(event.error ?? event.message)));
  worker.addEventListener("close", () => reject(crashed("the thread ended")));
  send(worker, { kind: "measure", tool, path });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    worker.terminate();
  }
}

function send(worker: Worker, message: ToSeamWorker): void {
  worker.postMessage(message);
}

function cancelled(signal: AbortSignal): AppError {
  return new AppError("cancelled", "the work was cancelled", { cause: signal.reason });
}

/** Whatever ended the thread may not happen again, so another attempt is worth it. */
function crashed(cause: unknown): AppError {
  const message = "the thread that measured the clip ended before it was done";
  return new AppError("i2v_failed", message, { cause, retry: true });
}

function errorOf({ code, message, retry, cause }: FromSeamWorker & { kind: "failed" }): AppError {
  return new AppError(code, message, { retry, ...(cause === "" ? {} : { cause }) });
}
