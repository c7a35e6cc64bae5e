/** Time, as everything that waits or stamps is given it: tests move it by hand. */
export interface Clock {
  /** Unix milliseconds: what people call the time. It may jump, either way. */
  now(): number;
  /** Milliseconds since some moment; never goes back. For delays and for measuring. */
  elapsed(): number;
  /**
   * Runs `task` once after `delayMs` of `elapsed`; the returned function takes that back.
   * @param delayMs at most `delayMsMax`.
   */
  schedule(delayMs: number, task: () => void): () => void;
  /** How far `now` is from the machine's own time: 0, except where a test has moved it. */
  offsetMs(): number;
}

/** The longest delay that the platform's timers keep: beyond it they fire at once. */
export const delayMsMax = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, task) {
    if (delayMs > delayMsMax) throw new RangeError(`delay ${delayMs} ms is over ${delayMsMax} ms`);
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  offsetMs: () => 0,
};
