import { AppError } from "../errors.ts";

/** Lets at most so many through at once; the others wait in order. */
export interface Slots {
  /**
   * Waits for a slot; what it answers gives the slot back.
   * @throws AppError `cancelled` when the signal says so, `unavailable` when too many wait.
   */
  take(signal: AbortSignal): Promise<() => void>;
  /** Resolves when no slot is taken. */
  idle(): Promise<void>;
}

export interface SlotsOptions {
  readonly slotsMax: number;
  readonly waitingMax: number;
  /** What waits, as whoever is refused is told: "renders". */
  readonly waitersName: string;
  /** What whoever leaves the line is told, made of the signal's reason. */
  cancelled(reason: unknown): AppError;
}

export function createSlots(options: SlotsOptions): Slots {
  const { slotsMax, waitingMax, waitersName, cancelled } = options;
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
    take: async (signal) => {
      if (signal.aborted) throw cancelled(signal.reason);
      if (taken < slotsMax) {
        taken += 1;
        return release;
      }
      if (waiting.size >= waitingMax) {
        const message = `${waitingMax} ${waitersName} wait already; try again later`;
        throw new AppError("unavailable", message);
      }
      await turnOf(waiting, signal, cancelled);
      return release;
    },
    idle: () => {
      if (taken === 0) return Promise.resolve();
      return new Promise((resolve) => watching.add(resolve));
    },
  };
}

/** Waits in line until it is called or the signal fires, and leaves the line either way. */
function turnOf(
  waiting: Set<() => void>,
  signal: AbortSignal,
  cancelled: SlotsOptions["cancelled"],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = () => {
    waiting.delete(onTurn);
    signal.removeEventListener("abort", onAbort);
  };
  const onTurn = () => {
    leave();
    resolve();
  };
  const onAbort = () => {
    leave();
    reject(cancelled(signal.reason));
  };
  waiting.add(onTurn);
  signal.addEventListener("abort", onAbort);
  return promise;
}
