import { AppError } from "../errors.ts";

/** Lets one through at a time; the others wait in order. */
export interface Turns {
  /**
   * Waits for the turn; what it answers ends the turn.
   * @throws AppError `cancelled` when the signal says so, `unavailable` when too many wait.
   */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(waitingMax: number): Turns {
  const waiting = new Set<() => void>();
  let isTaken = false;
  // Whoever is next takes the turn over: were it free in between, a newcomer could take it.
  const end = () => {
    const [next] = waiting;
    if (next) next();
    else isTaken = false;
  };
  return {
    async take(signal) {
      if (signal.aborted) throw cancelled(signal);
      if (isTaken && waiting.size >= waitingMax) {
        throw new AppError("unavailable", `${waitingMax} pictures wait already; try again later`);
      }
      if (isTaken) await turnOf(waiting, signal);
      isTaken = true;
      return end;
    },
  };
}

/** Waits in line until it is called or the signal fires, and leaves the line either way. */
function turnOf(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
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
    reject(cancelled(signal));
  };
  waiting.add(onTurn);
  signal.addEventListener("abort", onAbort);
  return promise;
}

function cancelled(signal: AbortSignal): AppError {
  return new AppError("cancelled", "cancelled before the picture was looked at", {
    cause: signal.reason,
  });
}
