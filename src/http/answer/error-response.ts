import type { AppError } from "../../errors.ts";
import type { RefusalExtras } from "../request/context.ts";

/** Waited before another try when nothing better is known. */
const retryAfterMsDefault = 5000;

/** Seconds for `Retry-After`: rounded up to a multiple of five, so that callers do not crowd. */
export function retryAfterSeconds(ms: number): number {
  return Math.max(5, Math.ceil(ms / 5000) * 5);
}

/**
 * The one shape of every error: `{"error": "…"}` with the error's own details beside it. The text
 * is the AppError's message; its cause and stack stay here.
 */
export function errorResponse(
  error: AppError,
  requestId: string,
  more: RefusalExtras = {},
): Response {
  const headers = new Headers({
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...more.headers,
    "X-Request-Id": requestId,
  });
  // A 401 must say how to do better (RFC 9110 §15.5.2); to this scheme no browser shows a dialogue.
  if (error.code === "unauthenticated") headers.set("WWW-Authenticate", 'Bearer realm="motioness"');
  const body: Record<string, unknown> = { error: error.message, ...error.details, ...more.details };
  if (error.code === "rate_limited" || error.code === "unavailable") {
    const waitMs = error.retryAfterMs ?? retryAfterMsDefault;
    headers.set("Retry-After", String(retryAfterSeconds(waitMs)));
    if (error.code === "rate_limited") body["retry_after_ms"] = waitMs;
  }
  return new Response(JSON.stringify(body), { status: error.status, headers });
}
