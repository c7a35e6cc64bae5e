import { type ByteBudgetLimits, createByteBudget } from "../answer/byte-budget.ts";

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
}

/** After this a source is looked at again. */
export const posterLifeMs = 5 * 60_000;

/** Posters in memory, under a budget. */
export function createPosterCache(clock: { now(): number }, limits: ByteBudgetLimits): PosterCache {
  const held = createByteBudget<{ readonly poster: Poster; readonly untilMs: number }>(limits);
  return {
    get(key) {
      const found = held.get(key);
      if (!found) return undefined;
      if (clock.now() <= found.untilMs) return found.poster;
      held.delete(key);
      return undefined;
    },
    put(poster, { growsOld }) {
      const untilMs = growsOld ? poster.madeMs + posterLifeMs : Number.POSITIVE_INFINITY;
      held.set(poster.key, { poster, untilMs }, poster.blob.size);
    },
  };
}
