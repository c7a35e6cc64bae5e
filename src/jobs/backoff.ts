/** How long to wait before each attempt of a pipeline stage: the first at once, three in all. */
export const stageDelaysMs = [0, 1000, 4000] as const;

/** Before each attempt of a webhook delivery; it is dead when the sixth has failed. */
export const webhookDelaysMs = [0, 30_000, 120_000, 600_000, 1_800_000, 7_200_000] as const;

/** Before a job is tried again whose handler threw, by the claims it has used up. */
export const faultDelaysMs = [0, 1000, 5000, 30_000, 120_000] as const;

/** The share by which a delay is made longer or shorter, so that crowds do not return together. */
const jitter = 0.2;

/**
 * How long to wait after `failures` failed attempts: the longer of the backoff and what the other
 * side asked for.
 * @param random uniform in [0, 1): given, the backoff varies by 20 % either way.
 * @returns milliseconds, or undefined when the attempts are spent.
 */
export function retryDelayMs(
  delaysMs: readonly number[],
  failures: number,
  retryAfterMs = 0,
  random?: () => number,
): number | undefined {
  const delayMs = delaysMs[failures];
  if (delayMs === undefined) return undefined;
  const factor = random ? 1 + jitter * (2 * random() - 1) : 1;
  return Math.max(Math.round(delayMs * factor), retryAfterMs);
}
