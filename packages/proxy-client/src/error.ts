/** What went wrong, in a form that a program can tell apart. */
export interface MotionessErrorDetails {
  /**
   * `invalid_argument`, `invalid_signature`, `timeout`, `network`, `http`, or the `error_code` with
   * which a generation failed (`source_unfetchable`, …).
   */
  readonly code: string;
  /** Of the answer, when there was one. */
  readonly status?: number | undefined;
  /** What the server knows the request by; quote it when you ask for help. */
  readonly requestId?: string | undefined;
  readonly assetId?: string | undefined;
  /** How long to wait before trying again, in milliseconds, when the server said so. */
  readonly retryAfterMs?: number | undefined;
  /** The JSON body of the answer. */
  readonly body?: unknown;
  readonly cause?: unknown;
}

/** Everything that this package throws, but for what a signal of the caller's was aborted with. */
export class MotionessError extends Error {
  override readonly name = "MotionessError";
  readonly code: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly assetId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly body: unknown;

  constructor(message: string, details: MotionessErrorDetails) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.assetId = details.assetId;
    this.retryAfterMs = details.retryAfterMs;
    this.body = details.body;
  }
}

/** For a value that the caller can mend. */
export function invalidArgument(message: string): MotionessError {
  return new MotionessError(message, { code: "invalid_argument" });
}

/** An answer that is no success, with what its body and headers tell. */
export async function errorOf(response: Response): Promise<MotionessError> {
  const body: unknown = await response.json().catch(() => undefined);
  const text = textOf(body, "error") ?? response.statusText;
  return new MotionessError(text || `the server answered ${response.status}`, {
    code: "http",
    status: response.status,
    requestId: response.headers.get("x-request-id") ?? undefined,
    assetId: response.headers.get("x-motioness-asset-id") ?? textOf(body, "asset_id"),
    retryAfterMs: retryAfterMs(response.headers),
    body,
  });
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - Date.now());
}

function textOf(body: unknown, key: string): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const value = (body as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
}
