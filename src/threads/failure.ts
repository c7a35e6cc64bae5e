import { AppError, type ErrorCode } from "../errors.ts";

/** An AppError in a form that can be sent from thread to thread. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry: boolean;
  /** What went wrong underneath, as text for the log. */
  readonly cause: string;
}

export function failureOf({ code, message, retry, cause }: AppError): Failure {
  return { code, message, retry, cause: cause === undefined ? "" : textOf(cause) };
}

export function errorOf({ code, message, retry, cause }: Failure): AppError {
  return new AppError(code, message, { retry, ...(cause === "" ? {} : { cause }) });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
