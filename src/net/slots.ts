import { AppError } from "../errors.ts";

export interface SlotLimits {
  /** Connections to one host at a time. */
  readonly perHostMax: number;
  /** Requests that may wait for one of them. */
  readonly waitingMax: number;
}

/** Runs work for a host when one of the host's few slots is free. */
export type UseSlot = <T>(host: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

interface Host {
  active: number;
  /** Each takes over the slot of work that has ended; the first came first. */
  readonly waiting: Set<() => void>;
}

/**
 * Keeps one popular or slow host from being flooded, and from taking all there is.
 *
 * Work throws what it throws; waiting throws the signal's reason, or AppError `unavailable` when
 * too many wait already.
 */
export function createSlots({ perHostMax, waitingMax }: SlotLimits): UseSlot {
  const hosts = new Map<string, Host>();

  const acquire = async (name: string, host: Host, signal: AbortSignal): Promise<void> => {
    if (host.active < perHostMax) {
      host.active += 1;
      return;
    }
    if (host.waiting.size >= waitingMax) {
      throw new AppError("unavailable", `${waitingMax} requests to ${name} are waiting already`);
    }
    const turn = Promise.withResolvers<void>();
    const onAbort = () => {
      host.waiting.delete(turn.resolve);
      turn.reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    host.waiting.add(turn.resolve);
    await turn.promise.finally(() => signal.removeEventListener("abort", onAbort));
  };

  const release = (name: string, host: Host): void => {
    const [next] = host.waiting;
    if (next !== undefined) {
      host.waiting.delete(next);
      next();
      return;
    }
    host.active -= 1;
    if (host.active === 0) hosts.delete(name);
  };

  return async (name, signal, work) => {
    signal.throwIfAborted();
    const host = hosts.get(name) ?? { active: 0, waiting: new Set() };
    hosts.set(name, host);
    await acquire(name, host, signal);
    try {
      return await work();
    } finally {
      release(name, host);
    }
  };
}
