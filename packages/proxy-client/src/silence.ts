/** A time in which nothing is heard. */
export interface Silence {
  /** Aborts when nothing was heard for that long, and when the outer signal does. */
  readonly signal: AbortSignal;
  /** Something was heard. */
  restart(): void;
  /** Lets go of clock and outer signal. */
  end(): void;
}

/** Begins to listen: the signal aborts after `ms` without a `restart`. */
export function startSilence(ms: number, outer: AbortSignal): Silence {
  const controller = new AbortController();
  const over = () => controller.abort();
  let timer = setTimeout(over, ms);
  if (outer.aborted) over();
  outer.addEventListener("abort", over, { once: true });
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(over, ms);
    },
    end() {
      clearTimeout(timer);
      outer.removeEventListener("abort", over);
    },
  };
}
