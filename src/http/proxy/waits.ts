import type { Clock } from "../../clock.ts";
import type { Store, Topic } from "../../db/store.ts";

export interface WaitsDeps {
  readonly store: Pick<Store, "subscribe">;
  readonly clock: Pick<Clock, "elapsed" | "schedule">;
}

export interface WaitOptions<T> {
  readonly topic: Topic;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly look: () => Promise<T>;
  readonly isDone: (seen: T) => boolean;
}

export interface Waits {
  /** Looks, and looks again at each wake-up for the topic, until done or the time is over. */
  until<T>(options: WaitOptions<T>): Promise<T>;
  close(): void;
}

/** Requests that may wait at once. Who comes later is answered with what is there. */
const waitingMax = 1000;

/** Long polling without polling: a request sleeps until a commit wakes it. */
export function openWaits(deps: WaitsDeps): Waits {
  const sleepers = new Map<Topic, Set<() => void>>();
  let waiting = 0;

  const unsubscribe = deps.store.subscribe((topic) => {
    const woken = topic === undefined ? [...sleepers.values()] : [sleepers.get(topic) ?? []];
    for (const wake of woken.flatMap((set) => [...set])) wake();
  });

  const until = async <T>(options: WaitOptions<T>): Promise<T> => {
    const deadline = deps.clock.elapsed() + options.timeoutMs;
    for (;;) {
      // Asleep before the look, or a commit between the two would wake nobody.
      const sleeper = sleep(deps, sleepers, options, deadline - deps.clock.elapsed());
      try {
        const seen = await options.look();
        if (options.isDone(seen) || sleeper.isOver() || options.signal.aborted) return seen;
        await sleeper.woken;
      } finally {
        sleeper.end();
      }
    }
  };

  return {
    async until(options) {
      if (waiting >= waitingMax || options.timeoutMs <= 0) return options.look();
      waiting += 1;
      try {
        return await until(options);
      } finally {
        waiting -= 1;
      }
    },
    close: unsubscribe,
  };
}

function sleep(
  deps: WaitsDeps,
  sleepers: Map<Topic, Set<() => void>>,
  { topic, signal }: Pick<WaitOptions<unknown>, "topic" | "signal">,
  timeoutMs: number,
) {
  const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
  let isOver = timeoutMs <= 0;
  const stopTimer = deps.clock.schedule(Math.max(0, timeoutMs), () => {
    isOver = true;
    wake();
  });
  const set = sleepers.get(topic) ?? new Set();
  sleepers.set(topic, set.add(wake));
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    woken,
    isOver: () => isOver,
    end() {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
      set.delete(wake);
      if (set.size === 0 && sleepers.get(topic) === set) sleepers.delete(topic);
    },
  };
}
