import { AppError } from "../../errors.ts";

export interface Turns {
  /**
   * Waits for the turn and takes it; the returned function gives it back (once).
   * @throws AppError `unavailable` when the queue is full or closed, or the wait over its limit.
   */
  take(): Promise<() => void>;
  /** Refuses everyone who waits or comes later; resolves when the present holder is done. */
  close(): Promise<void>;
}

export interface TurnsLimits {
  readonly waitingMax: number;
  readonly waitMsMax: number;
}

interface Waiting {
  readonly begin: (release: () => void) => void;
  readonly refuse: (message: string) => void;
}

/**
 * One holder at a time, first come first served. The wait is limited because a holder that waits
 * for a turn of its own would otherwise stop every writer for ever. It is real waiting for another
 * holder, so the machine's own timers measure it, whatever clock the rest is given.
 */
export function createTurns(limits: TurnsLimits): Turns {
  const waiting = new Set<Waiting>();
  let isHeld = false;
  let isClosed = false;

  const createRelease = () => {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const [next] = waiting;
      if (next) next.begin(createRelease());
      else isHeld = false;
    };
  };

  const wait = () =>
    new Promise<() => void>((resolve, reject) => {
      const leave = () => {
        waiting.delete(entry);
        clearTimeout(timer);
      };
      const entry: Waiting = {
        begin(release) {
          leave();
          resolve(release);
        },
        refuse(message) {
          leave();
          reject(new AppError("unavailable", message));
        },
      };
      waiting.add(entry);
      const timer = setTimeout(() => {
        entry.refuse(`no turn to write within ${limits.waitMsMax} ms`);
      }, limits.waitMsMax);
    });

  const take = async () => {
    if (!isHeld) {
      isHeld = true;
      return createRelease();
    }
    if (waiting.size < limits.waitingMax) return wait();
    throw new AppError("unavailable", `${waiting.size} writes are waiting already`);
  };

  return {
    async take() {
      if (isClosed) throw new AppError("unavailable", closedMessage);
      return take();
    },
    async close() {
      isClosed = true;
      for (const entry of waiting) entry.refuse(closedMessage);
      await take();
    },
  };
}

const closedMessage = "the database is being closed";
