/** Tells the caches in front of this server that an asset is served with other bytes now. */
export interface Purger {
  /**
   * Has everything tagged with the asset's id dropped: every URL of its clip and its poster.
   * @throws AppError `unavailable` when the cache did not take it: try again.
   */
  purge(assetId: string, signal: AbortSignal): Promise<void>;
}

/** Where a cache takes its orders. */
export interface PurgeTarget {
  readonly url: string;
  readonly token: string | undefined;
}

export type PurgeConfig =
  | { readonly kind: "none" }
  | ({ readonly kind: "varnish" | "cloudflare" | "fastly" } & PurgeTarget);
