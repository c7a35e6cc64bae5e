import type { Clock } from "../clock.ts";
import type { Store, Topic } from "../db/store.ts";
import type { EventScope } from "./log.ts";

/** Brings what was committed to the connections that follow it. */
export interface Hub {
  /** Calls `wake` whenever the scope may have news; the returned function ends that. */
  join(scope: EventScope, wake: () => void): () => void;
  /**
   * The outcome of `load`, shared by all who ask for `key` between two wake-ups and within
   * `shareMs`: a crowd on one asset reads the tables once.
   */
  share<T>(scope: EventScope, key: string, load: () => Promise<T>): Promise<T>;
  close(): void;
}

interface Channel {
  readonly wakers: Set<() => void>;
  readonly shared: Map<string, Shared>;
}

interface Shared {
  readonly outcome: Promise<unknown>;
  readonly untilMs: number;
}

/** A lost wake-up is made good by the heartbeat: what it reads must be about this fresh. */
const shareMs = 1000;
/** Different cursors of one scope whose reads are remembered. */
const sharedMax = 64;

export function openHub(deps: { readonly store: Store; readonly clock: Clock }): Hub {
  const channels = new Map<Topic, Channel>();

  const wakeChannel = (channel: Channel) => {
    // What was read before may lack what was just committed.
    channel.shared.clear();
    for (const wake of channel.wakers) wake();
  };
  const unsubscribe = deps.store.subscribe((topic) => {
    if (topic === undefined) for (const channel of channels.values()) wakeChannel(channel);
    else {
      const channel = channels.get(topic);
      if (channel) wakeChannel(channel);
    }
  });

  return {
    join(scope, wake) {
      const topic = topicOf(scope);
      const channel = channels.get(topic) ?? { wakers: new Set(), shared: new Map() };
      channels.set(topic, channel);
      channel.wakers.add(wake);
      return () => {
        channel.wakers.delete(wake);
        if (channel.wakers.size === 0 && channels.get(topic) === channel) channels.delete(topic);
      };
    },
    share<T>(scope: EventScope, key: string, load: () => Promise<T>) {
      const shared = channels.get(topicOf(scope))?.shared;
      if (!shared) return load();
      const nowMs = deps.clock.elapsed();
      const known = shared.get(key);
      // A key names what is loaded, so that it also names its type.
      if (known && known.untilMs > nowMs) return known.outcome as Promise<T>;
      const outcome = load();
      shared.set(key, { outcome, untilMs: nowMs + shareMs });
      outcome.catch(() => shared.delete(key));
      const [oldest] = shared.keys();
      if (shared.size > sharedMax && oldest !== undefined) shared.delete(oldest);
      return outcome;
    },
    close() {
      unsubscribe();
      channels.clear();
    },
  };
}

function topicOf(scope: EventScope): Topic {
  return "assetId" in scope ? `asset:${scope.assetId}` : `project:${scope.projectId}`;
}
