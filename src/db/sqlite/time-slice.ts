/** Gives the event loop its turn when synchronous work has kept it long enough. */
export interface TimeSlice {
  /** Resolves at once while this turn of the loop is young, else in the next one. */
  rest(): Promise<void>;
}

/**
 * SQLite answers without ever leaving the thread, and what awaits it goes on in the same turn of
 * the event loop: writers in a row would keep timers and requests waiting for as long as they are.
 */
export function createTimeSlice(sliceMs: number): TimeSlice {
  let turnBeganAtMs: number | undefined;
  const nextTurn = () =>
    new Promise<void>((resolve) => {
      setImmediate(() => {
        turnBeganAtMs = undefined;
        resolve();
      });
    });
  return {
    async rest() {
      const isUsedUp = turnBeganAtMs !== undefined && performance.now() - turnBeganAtMs > sliceMs;
      if (isUsedUp) await nextTurn();
      if (turnBeganAtMs !== undefined) return;
      turnBeganAtMs = performance.now();
      void nextTurn();
    },
  };
}
