import type { AssetView } from "../../assets/request.ts";
import type { Asset, Generation } from "../../db/schema.ts";

export interface VersionDeps {
  /** The kept clip of an asset by its number. */
  readonly findVersion: (assetId: string, number: number) => Promise<Generation | undefined>;
}

/**
 * The asset as a URL with `?v=` means it: served with the clip of that number where it is kept.
 * Any other number means the clip that is served anyway, so that no embed ever breaks.
 */
export async function viewOfVersion(
  { findVersion }: VersionDeps,
  view: AssetView,
  version: number | undefined,
): Promise<AssetView> {
  if (version === undefined || !view.current || view.current.number === version) return view;
  const kept = await findVersion(view.asset.id, version);
  return kept ? { ...view, current: kept } : view;
}

/**
 * When what the URL answers last changed: for the clip that is served, since when it is. An older
 * one that is made current again must look newer than the one before it.
 */
export function lastModifiedMs(
  asset: Pick<Asset, "ready_at" | "current_generation_id">,
  generation: Pick<Generation, "id">,
  madeMs: number,
): number {
  if (asset.current_generation_id !== generation.id) return madeMs;
  return Math.max(madeMs, asset.ready_at ?? 0);
}
