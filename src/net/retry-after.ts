const delayMsMax = 24 * 60 * 60 * 1000;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: seconds or an HTTP date
 * (RFC 9110 §10.2.3), at most a day. What cannot be read, or is past, asks for nothing.
 */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const delayMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return delayMs > 0 ? Math.min(delayMs, delayMsMax) : undefined;
}
