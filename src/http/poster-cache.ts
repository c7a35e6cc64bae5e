/** A finished poster in memory. */
export interface Poster {
  readonly key: string;
  readonly blob: Blob;
  /** A strong entity tag of its bytes. */
  readonly etag: string;
  readonly madeMs: number;
}

export interface PosterCache {
  /** The poster, while it is held and has not grown old. */
  get(key: string): Poster | undefined;
  /** Holds a poster. One that was made of a source that may change grows old. */
  put(poster: Poster, options: { readonly growsOld: boolean }): void;
  bytesHeld(): number;
}

/** After this a source is looked at again. */
export const posterLifeMs = 5 * 60_000;

/** Posters in memory: the least recently used go first when the budget is spent. */
export function createPosterCache(
  clock: { now(): number },
  limits: { readonly bytesMax: number },
): PosterCache {
  const held = new Map<string, { readonly poster: Poster; readonly untilMs: number }>();
  let bytes = 0;

  const forget = (key: string) => {
    bytes -= held.get(key)?.poster.blob.size ?? 0;
    held.delete(key);
  };

  return {
    get(key) {
      const entry = held.get(key);
      if (!entry) return undefined;
      held.delete(key);
      held.set(key, entry);
      if (clock.now() <= entry.untilMs) return entry.poster;
      forget(key);
      return undefined;
    },
    put(poster, { growsOld }) {
      forget(poster.key);
      const untilMs = growsOld ? poster.madeMs + posterLifeMs : Number.POSITIVE_INFINITY;
      held.set(poster.key, { poster, untilMs });
      bytes += poster.blob.size;
      for (const oldest of held.keys()) {
        // The newest stays whatever its size: it is about to be sent.
        if (bytes <= limits.bytesMax || held.size === 1) break;
        forget(oldest);
      }
    },
    bytesHeld: () => bytes,
  };
}
