import { findGeneration } from "../assets/store.ts";
import type { Generation } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import type { Log } from "../log.ts";

export interface Watch {
  /** Aborts when the generation has left the state it was in. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Watches a generation while a stage works on it, so that one which is cancelled, on whichever
 * machine, stops at once and not when its lease is next looked at.
 */
export function watchGeneration(
  { store, log }: { readonly store: Store; readonly log: Log },
  { id, asset_id: assetId, state }: Generation,
): Watch {
  const ended = new AbortController();
  const look = async () => {
    const now = await findGeneration(store.read, id);
    if (now?.state !== state) ended.abort(new Error(`the generation is ${now?.state ?? "gone"}`));
  };
  // One that fails costs a moment: the lease is gone, too, and its next beat tells the same.
  const tryLook = () => {
    look().catch((error) => log.warn("generation_not_watched", { generation: id, error }));
  };
  const unsubscribe = store.subscribe((topic) => {
    if (topic === undefined || topic === `asset:${assetId}`) tryLook();
  });
  // It may have ended between the claim and this.
  tryLook();
  return { signal: ended.signal, end: unsubscribe };
}
