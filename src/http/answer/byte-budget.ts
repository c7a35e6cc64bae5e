/** Values of known size under a common limit. */
export interface ByteBudget<V> {
  /** The value, which thereby is the most recently used. */
  get(key: string): V | undefined;
  /** Adds or replaces. The least recently used go until all fit; the newest always stays. */
  set(key: string, value: V, bytes: number): void;
  delete(key: string): void;
  bytesHeld(): number;
}

export interface ByteBudgetLimits {
  readonly bytesMax: number;
  readonly entriesMax: number;
}

export function createByteBudget<V>(limits: ByteBudgetLimits): ByteBudget<V> {
  const entries = new Map<string, { readonly value: V; readonly bytes: number }>();
  let bytesHeld = 0;

  const forget = (key: string) => {
    bytesHeld -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      // A Map keeps the order of insertion.
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      forget(key);
      entries.set(key, { value, bytes });
      bytesHeld += bytes;
      for (const oldest of entries.keys()) {
        const fits = bytesHeld <= limits.bytesMax && entries.size <= limits.entriesMax;
        if (fits || entries.size === 1) break;
        forget(oldest);
      }
    },
    delete: forget,
    bytesHeld: () => bytesHeld,
  };
}
