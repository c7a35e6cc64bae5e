import type { Clock } from "../clock.ts";
import type { AppError } from "../errors.ts";
import type { Thread } from "./thread.ts";

export interface StopOptions {
  /** Fires when the task is to stop. */
  readonly signal: AbortSignal;
  /** What the caller is told then, made of the signal's reason. */
  cancelled(reason: unknown): AppError;
  /** How long a task may take, and what the caller is told then; undefined: any time. */
  readonly timeout?: { readonly afterMs: number; readonly error: () => AppError } | undefined;
  /** How long a task that is to stop may take to say so before its thread is killed. */
  readonly graceMs: number;
}

/**
 * Does what `work` does on a thread, and stops it on the signal or after its time: asks first,
 * kills when that is not heard. @throws AppError why it was stopped, whatever came of it after
 * that; else what the work throws.
 */
export async function stopWhenAsked<Result>(
  clock: Pick<Clock, "schedule">,
  thread: Pick<Thread<never, unknown>, "cancel" | "kill">,
  options: StopOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const stopping = watch(clock, thread, options);
  try {
    const result = await work();
    const reason = stopping.reason();
    if (reason) throw reason;
    return result;
  } catch (error) {
    throw stopping.reason() ?? error;
  } finally {
    stopping.end();
  }
}

function watch(
  clock: Pick<Clock, "schedule">,
  thread: Pick<Thread<never, unknown>, "cancel" | "kill">,
  { signal, timeout, graceMs, cancelled }: StopOptions,
) {
  let reason: AppError | undefined;
  let endKilling = () => {};
  const stop = (why: AppError) => {
    if (reason) return;
    reason = why;
    thread.cancel();
    endKilling = clock.schedule(graceMs, () => void thread.kill());
  };
  const onAbort = () => stop(cancelled(signal.reason));
  const endTimeout = timeout && clock.schedule(timeout.afterMs, () => stop(timeout.error()));
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return {
    reason: () => reason,
    end: () => {
      endTimeout?.();
      endKilling();
      signal.removeEventListener("abort", onAbort);
    },
  };
}
