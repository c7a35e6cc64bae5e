import type { Clock } from "../../src/clock.ts";

export interface ManualClock extends Clock {
  /** Lets time pass: timers that come due run in order, each at its own time. */
  advance(ms: number): void;
  /** Sets the wall clock forward or back while no time passes, as an administrator does. */
  step(ms: number): void;
  /** How many timers wait. */
  readonly pending: number;
  /** How many of them were set to wait for just so long. */
  pendingFor(delayMs: number): number;
}

interface Timer {
  readonly delayMs: number;
  readonly dueMs: number;
  readonly task: () => void;
}

/** A clock that stands still until it is moved; it starts at the machine's time. */
export function createManualClock(startMs: number = Date.now()): ManualClock {
  // A database's time goes on by itself while this clock stands: only what was moved is added.
  const machineMs = Date.now();
  let elapsedMs = 0;
  let wallMs = startMs;
  const timers = new Set<Timer>();
  const pass = (ms: number) => {
    elapsedMs += ms;
    wallMs += ms;
  };
  return {
    now: () => wallMs,
    elapsed: () => elapsedMs,
    offsetMs: () => wallMs - machineMs,
    schedule(delayMs, task) {
      const timer = { delayMs, dueMs: elapsedMs + Math.max(0, delayMs), task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (let next = earliest(timers, endMs); next; next = earliest(timers, endMs)) {
        pass(Math.max(0, next.dueMs - elapsedMs));
        timers.delete(next);
        next.task();
      }
      pass(endMs - elapsedMs);
    },
    step(ms) {
      wallMs += ms;
    },
    pendingFor: (delayMs) => [...timers].filter((timer) => timer.delayMs === delayMs).length,
    get pending() {
      return timers.size;
    },
  };
}

function earliest(timers: ReadonlySet<Timer>, untilMs: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.dueMs <= untilMs && (!first || timer.dueMs < first.dueMs)) first = timer;
  }
  return first;
}
