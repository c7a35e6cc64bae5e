/** Work that is done whenever there may be some, never twice at once. */
export interface Pump {
  /** Has the work done: now, or once more after the present time. No call is ever lost. */
  wake(): void;
  /** No work begins any more; resolves when what was under way has ended. */
  stop(): Promise<void>;
  readonly isStopped: boolean;
}

/** @param work must not reject; looks for itself whether there is anything to do. */
export function createPump(work: () => Promise<void>): Pump {
  let state: "idle" | "working" | "woken" = "idle";
  let isStopped = false;
  let present = Promise.resolve();

  const run = async () => {
    do {
      state = "working";
      await work();
    } while (isWoken() && !isStopped);
    state = "idle";
  };
  // A function, because the compiler believes that nobody else changes `state`.
  const isWoken = () => state === "woken";

  return {
    wake() {
      if (isStopped) return;
      if (state === "idle") present = run();
      else state = "woken";
    },
    stop() {
      isStopped = true;
      return present;
    },
    get isStopped() {
      return isStopped;
    },
  };
}
