import type { Log } from "../log.ts";
import type { Topic } from "./store.ts";

export type TopicListener = (topic: Topic | undefined) => void;

export interface Topics {
  subscribe(listener: TopicListener): () => void;
  /** Calls every listener, now. `undefined`: some wake-ups may have been missed. */
  emit(topic: Topic | undefined): void;
  /** Forgets every listener. */
  close(): void;
}

/** Tells the listeners of this process what was committed. */
export function createTopics(deps: { readonly log: Log }): Topics {
  const listeners = new Set<TopicListener>();
  return {
    subscribe(listener) {
      // A set of its own for each subscription: one function may be subscribed twice.
      const entry: TopicListener = (topic) => listener(topic);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    emit(topic) {
      for (const listener of listeners) {
        try {
          listener(topic);
        } catch (error) {
          // The transaction is committed: a reader's fault must not become the writer's failure.
          deps.log.error("topic_listener_failed", { topic, error });
        }
      }
    },
    close: () => listeners.clear(),
  };
}
