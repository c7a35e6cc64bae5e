import type { HotEntry } from "./hot.ts";
import type { ProxyReading } from "./resolve.ts";
import { pendingMode } from "./stand-in.ts";

/**
 * Has the hot path answer the URL this way from now on, and until `untilMs` at most. Not so under
 * a header that may mean another asset than the URL does.
 */
export function rememberAnswer(
  { assetId, project, expiresAtMs, reading }: ProxyReading,
  request: Request,
  answer: HotEntry["answer"],
  untilMs = Number.POSITIVE_INFINITY,
): void {
  if (request.headers.has("idempotency-key")) return;
  reading.remember(request.url, {
    assetId,
    project,
    expiresAtMs: Math.min(expiresAtMs, untilMs),
    answer,
  });
}

/** Whether all are told the same while a clip is made: who waits, or may be shown a poster, is not. */
export function isToldPlainly(proxied: ProxyReading): boolean {
  return (proxied.url.options.wait_ms ?? 0) === 0 && pendingMode(proxied) !== "poster";
}
