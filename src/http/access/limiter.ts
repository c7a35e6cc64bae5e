import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";

export interface LimiterOptions {
  /** What a key may do in one window. */
  readonly max: number;
  readonly windowMs?: number;
  /** Keys remembered; beyond them the one whose window began first is forgotten. */
  readonly keysMax?: number;
}

/** Counts what each key does, in windows that begin with the first thing it does. */
export interface Limiter {
  /** Counts one more. @throws AppError `rate_limited` when the window is full. */
  count(key: string): void;
  /** Throws as `count` would, and counts nothing. */
  check(key: string): void;
}

interface Window {
  readonly endsMs: number;
  count: number;
}

const minuteMs = 60_000;
const keysMaxDefault = 50_000;

/** A limiter that keeps the time of the clock it is given, and nothing outside of this process. */
export function createLimiter(clock: Pick<Clock, "elapsed">, options: LimiterOptions): Limiter {
  const { max, windowMs = minuteMs, keysMax = keysMaxDefault } = options;
  // In the order in which the windows began, and so end.
  const windows = new Map<string, Window>();
  const current = (key: string, nowMs: number) => {
    const window = windows.get(key);
    if (!window || window.endsMs > nowMs) return window;
    windows.delete(key);
    return undefined;
  };
  const begin = (key: string, nowMs: number) => {
    for (const [oldest, { endsMs }] of windows) {
      if (endsMs > nowMs && windows.size < keysMax) break;
      windows.delete(oldest);
    }
    const window = { endsMs: nowMs + windowMs, count: 0 };
    windows.set(key, window);
    return window;
  };
  const refuseFull = (window: Window | undefined, nowMs: number) => {
    if ((window?.count ?? 0) < max) return;
    const retryAfterMs = Math.ceil((window?.endsMs ?? nowMs + windowMs) - nowMs);
    throw new AppError("rate_limited", "rate limited", { retryAfterMs });
  };
  return {
    count(key) {
      const nowMs = clock.elapsed();
      const window = current(key, nowMs) ?? begin(key, nowMs);
      refuseFull(window, nowMs);
      window.count += 1;
    },
    check(key) {
      const nowMs = clock.elapsed();
      refuseFull(current(key, nowMs), nowMs);
    },
  };
}
