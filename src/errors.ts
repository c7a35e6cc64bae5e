/**
 * Every failure the program names, in one table: the HTTP status it answers with, and whether
 * trying the same thing again later can help. A stage of the pipeline that throws a code with
 * `retry: true` gets its further attempts; any other code ends the generation at once.
 */
const errorTable = {
  // Requests.
  invalid_request: { status: 400, retry: false },
  malformed_url: { status: 400, retry: false },
  unauthenticated: { status: 401, retry: false },
  unknown_project_key: { status: 403, retry: false },
  origin_not_allowed: { status: 403, retry: false },
  invalid_signature: { status: 403, retry: false },
  signature_expired: { status: 403, retry: false },
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  method_not_allowed: { status: 405, retry: false },
  request_timeout: { status: 408, retry: true },
  conflict: { status: 409, retry: false },
  precondition_failed: { status: 412, retry: false },
  payload_too_large: { status: 413, retry: false },
  unsupported_type: { status: 415, retry: false },
  range_not_satisfiable: { status: 416, retry: false },
  rate_limited: { status: 429, retry: true },
  limit_reached: { status: 429, retry: false },
  internal: { status: 500, retry: true },
  unsupported_format: { status: 501, retry: false },
  last_generation_failed: { status: 502, retry: false },
  rendition_failed: { status: 502, retry: false },
  unavailable: { status: 503, retry: true },
  // The documented `error_code` values of a failed generation.
  vision_blocked: { status: 502, retry: false },
  vision_timeout: { status: 502, retry: true },
  source_unfetchable: { status: 502, retry: false },
  source_too_large: { status: 413, retry: false },
  source_unsupported: { status: 415, retry: false },
  i2v_failed: { status: 502, retry: false },
  i2v_timeout: { status: 502, retry: true },
  merge_failed: { status: 502, retry: false },
  r2_write_failed: { status: 502, retry: true },
  quota_exceeded: { status: 429, retry: false },
  pipeline_stalled: { status: 502, retry: false },
  cancelled: { status: 409, retry: false },
  // Why a message was not delivered.
  webhook_rejected: { status: 502, retry: true },
  webhook_timeout: { status: 502, retry: true },
  webhook_unreachable: { status: 502, retry: true },
  // The program and its surroundings.
  invalid_config: { status: 500, retry: false },
  missing_tool: { status: 500, retry: false },
  data_dir_locked: { status: 500, retry: false },
  unusable_database: { status: 500, retry: false },
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type ErrorCode = keyof typeof errorTable;

export interface AppErrorOptions {
  /** What went wrong underneath: for the log, never for the caller. */
  readonly cause?: unknown;
  /** Overrides the table where one code covers both kinds, as `source_unfetchable` does. */
  readonly retry?: boolean;
  /** The longer of this and the backoff is waited before the next attempt. */
  readonly retryAfterMs?: number;
  /** Further keys of the JSON body that answers the request. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error class. `message` is for the caller; `cause` is for the log. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly retry: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = errorTable[code].status;
    this.retry = options.retry ?? errorTable[code].retry;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }
}

/** Anything thrown, as an AppError. What is not ours becomes `internal` and keeps its text in. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError("internal", "internal error", { cause: thrown });
}
