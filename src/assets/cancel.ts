import { AppError } from "../errors.ts";
import { isTerminal } from "./lifecycle.ts";
import type { AssetView } from "./request.ts";
import { findAssetView } from "./store.ts";
import { type TransitionDeps, transition } from "./transition.ts";

/** A generation may move on between the look and the write; it has fewer states than this. */
const triesMax = 16;

/**
 * Ends the work on an asset's newest generation: `cancelled` is the last that is heard of it, the
 * charge goes back, and whoever works on it is stopped.
 * @returns the asset as it is then: `failed`, or `ready` when an older clip is served.
 * @throws AppError `not_found`; `conflict` when nothing is being made.
 */
export async function cancelAsset(deps: TransitionDeps, assetId: string): Promise<AssetView> {
  for (let tries = 0; tries < triesMax; tries++) {
    const view = await findAssetView(deps.store.read, assetId);
    if (!view) throw new AppError("not_found", "not found");
    const generation = view.newest;
    if (isTerminal(generation.state)) break;
    const failure = { code: "cancelled", message: "cancelled on request" };
    if (!(await transition(deps, { generation, event: "cancelled", failure }))) continue;
    const cancelled = await findAssetView(deps.store.read, assetId);
    if (!cancelled) throw new AppError("not_found", "not found");
    return cancelled;
  }
  throw new AppError("conflict", "the asset is not pending: there is nothing to cancel");
}
