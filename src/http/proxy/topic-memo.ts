import type { Topic } from "../../db/store.ts";

/** Values by URL, each of which can be dropped by what it is about. */
export interface TopicMemo<V> {
  get(url: string): V | undefined;
  /** Adds or replaces. Beyond the limit the oldest goes. */
  set(url: string, value: V, topics: readonly Topic[]): void;
  /** Drops all that is about `topic`; without one, everything. */
  drop(topic: Topic | undefined): void;
  size(): number;
}

export function createTopicMemo<V>(entriesMax: number): TopicMemo<V> {
  const entries = new Map<string, { readonly value: V; readonly topics: readonly Topic[] }>();
  const urlsOf = new Map<Topic, Set<string>>();

  const forget = (url: string) => {
    for (const topic of entries.get(url)?.topics ?? []) {
      const urls = urlsOf.get(topic);
      urls?.delete(url);
      if (urls?.size === 0) urlsOf.delete(topic);
    }
    entries.delete(url);
  };

  return {
    get: (url) => entries.get(url)?.value,
    set(url, value, topics) {
      forget(url);
      entries.set(url, { value, topics });
      for (const topic of topics) {
        const urls = urlsOf.get(topic) ?? new Set();
        urlsOf.set(topic, urls.add(url));
      }
      const oldest = entries.keys().next().value;
      if (entries.size > entriesMax && oldest !== undefined) forget(oldest);
    },
    drop(topic) {
      if (topic !== undefined) {
        for (const url of [...(urlsOf.get(topic) ?? [])]) forget(url);
        return;
      }
      entries.clear();
      urlsOf.clear();
    },
    size: () => entries.size,
  };
}
