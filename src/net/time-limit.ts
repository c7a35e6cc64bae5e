import { AppError } from "../errors.ts";
import { failure, type Hop } from "./hop.ts";

export interface TimeLimit {
  /** Aborts when the time is up, the caller gives up, or the limit is closed. */
  readonly signal: AbortSignal;
  /** Settles as `work` does, or rejects on abort at once; rejections are explained. */
  race<T>(work: Promise<T>): Promise<T>;
  /** What a failure under this limit is to be thrown as. */
  explain(cause: unknown): unknown;
  /** Ends the timer, and whatever still listens to the signal. */
  close(): void;
}

/** The time that a hop may take, together with the caller's own signal. */
export function openTimeLimit(hop: Hop, timeoutMs: number): TimeLimit {
  const { policy, request } = hop;
  const controller = new AbortController();
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  controller.signal.addEventListener("abort", () => aborted.reject(controller.signal.reason));

  let isTimeUp = false;
  const timer = setTimeout(() => {
    isTimeUp = true;
    controller.abort();
  }, timeoutMs);
  const onCallerAbort = () => controller.abort(request.signal.reason);
  request.signal.addEventListener("abort", onCallerAbort, { once: true });

  const explain = (cause: unknown): unknown => {
    if (request.signal.aborted) return request.signal.reason;
    if (isTimeUp) {
      const seconds = policy.timeoutMs / 1000;
      const message = `${policy.subject} did not arrive within ${seconds} seconds`;
      return new AppError(policy.lateCode ?? policy.failedCode, message, { retry: true, cause });
    }
    return cause instanceof AppError ? cause : failure(hop, { retry: true, cause });
  };

  return {
    signal: controller.signal,
    explain,
    async race(work) {
      try {
        return await Promise.race([work, aborted.promise]);
      } catch (cause) {
        throw explain(cause);
      }
    },
    close() {
      clearTimeout(timer);
      request.signal.removeEventListener("abort", onCallerAbort);
      controller.abort();
    },
  };
}
