import type { Clock } from "../clock.ts";
import { createSlots, type SlotsOptions } from "./slots.ts";
import { createThread, type Thread, type ThreadOptions, type WorkerPort } from "./thread.ts";

/** Threads that are started when wanted, and kept while they are likely to be wanted again. */
export interface ThreadPool<Task, Result, Progress = never> {
  /**
   * Waits for a thread and lends it to `work`, with a signal that fires with the caller's own or
   * when the pool closes. @throws AppError `cancelled` or `unavailable`, or what the work throws.
   */
  use<T>(
    signal: AbortSignal | undefined,
    work: (thread: Thread<Task, Result, Progress>, signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Ends the threads without work now. */
  endIdle(): Promise<void>;
  /** Stops what waits and, by its signal, what is at work; then ends all threads. */
  close(reason?: Error): Promise<void>;
}

export interface PoolDeps<Task, Result, Progress> {
  readonly clock: Pick<Clock, "schedule">;
  startWorker(): WorkerPort<Task, Result, Progress>;
}

export interface PoolOptions {
  /** Who may have a thread at once; each has one. */
  readonly slots: SlotsOptions;
  /** After this long without work a thread ends, and its memory is given back. */
  readonly idleMs: number;
  readonly thread: ThreadOptions;
}

/** Opens a pool. No thread runs until the first one is wanted. */
export function openPool<Task, Result, Progress = never>(
  deps: PoolDeps<Task, Result, Progress>,
  options: PoolOptions,
): ThreadPool<Task, Result, Progress> {
  const slots = createSlots(options.slots);
  const threads = createThreads(deps, options);
  const closing = new AbortController();

  return {
    use: async (signal, work) => {
      const either = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
      const release = await slots.take(either);
      const thread = threads.take();
      try {
        return await work(thread, either);
      } finally {
        threads.giveBack(thread);
        release();
      }
    },
    endIdle: threads.end,
    close: async (reason) => {
      closing.abort(reason);
      await slots.idle();
      await threads.end();
    },
  };
}

function createThreads<Task, Result, Progress>(
  { clock, startWorker }: PoolDeps<Task, Result, Progress>,
  { idleMs, thread: options }: PoolOptions,
) {
  const idle = new Map<Thread<Task, Result, Progress>, () => void>();
  const retire = async (thread: Thread<Task, Result, Progress>) => {
    idle.get(thread)?.();
    idle.delete(thread);
    if (thread.isAlive()) await thread.end();
  };
  return {
    take: () => {
      // The one used last: the others then come to their end.
      for (const [thread, stopTimer] of [...idle].reverse()) {
        stopTimer();
        idle.delete(thread);
        if (thread.isAlive()) return thread;
      }
      return createThread(startWorker(), options);
    },
    giveBack: (thread: Thread<Task, Result, Progress>): void => {
      if (!thread.isAlive()) return;
      const stopTimer = clock.schedule(idleMs, () => void retire(thread));
      idle.set(thread, stopTimer);
    },
    end: async () => {
      await Promise.all([...idle.keys()].map(retire));
    },
  };
}
