import type { Log } from "./log.ts";

/** What closes, newest first; one that fails does not keep the others open. */
export interface Closers {
  add(close: () => void | Promise<void>): void;
  closeAll(): Promise<void>;
}

export function createClosers(log: Log): Closers {
  const stack: (() => void | Promise<void>)[] = [];
  return {
    add: (close) => stack.push(close),
    async closeAll() {
      for (let close = stack.pop(); close; close = stack.pop()) {
        try {
          await close();
        } catch (error) {
          log.error("close_failed", { error });
        }
      }
    },
  };
}
