import { AppError } from "../errors.ts";

/** Lets at most so many through at once; the others wait in order. */
export interface Slots {
  /**
   * Waits for a slot; what it answers gives the slot back.
   * @throws AppError `cancelled` when either signal says so, `unavailable` when too many wait.
   */
  take(closing: AbortSignal, signal?: AbortSignal): Promise<() => void>;
  /** Resolves when no slot is taken. */
  idle(): Promise<void>;
}

export function createSlots(slotsMax: number, waitingMax: number): Slots {
  const waiting = new Set<() => void>();
  const watching = new Set<() => void>();
  let taken = 0;

  // Whoever is next takes the slot over: were it free in between, a newcomer could take it.
  const release = () => {
    const [next] = waiting;
    if (next) return next();
    taken -= 1;
    if (taken > 0) return;
    for (const watch of watching) watch();
    watching.clear();
  };

  return {
    take: async (closing, signal) => {
      const signals = signal ? [signal, closing] : [closing];
      if (signals.some(({ aborted }) => aborted)) throw cancelled();
      if (taken < slotsMax) {
        taken += 1;
        return release;
      }
      if (waiting.size >= waitingMax) {
        throw new AppError("unavailable", `${waitingMax} renders wait already; try again later`);
      }
      await turnOf(waiting, signals);
      return release;
    },
    idle: () => {
      if (taken === 0) return Promise.resolve();
      return new Promise((resolve) => watching.add(resolve));
    },
  };
}

/** Waits in line until it is called or a signal fires, and leaves the line either way. */
function turnOf(waiting: Set<() => void>, signals: readonly AbortSignal[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = () => {
    waiting.delete(onTurn);
    for (const signal of signals) signal.removeEventListener("abort", onAbort);
  };
  const onTurn = () => {
    leave();
    resolve();
  };
  const onAbort = () => {
    leave();
    reject(cancelled());
  };
  waiting.add(onTurn);
  for (const signal of signals) signal.addEventListener("abort", onAbort);
  return promise;
}

function cancelled(): AppError {
  return new AppError("cancelled", "the render was cancelled before it began");
}
