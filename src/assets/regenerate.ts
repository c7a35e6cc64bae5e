import type { Asset } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { findProject } from "../projects/project.ts";
import { regenerateLimitMessage } from "../projects/quota.ts";
import type { Mode, Motion } from "../scene/plan.ts";
import { startGeneration } from "./generations.ts";
import { isTerminal } from "./lifecycle.ts";
import { lockAsset } from "./lock.ts";
import { findGeneration } from "./store.ts";

export interface RegenerateDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly createId: () => string;
}

/** What is to be different. What is not given stays as the asset has it. */
export interface RegenerateChanges {
  readonly motion?: Motion | undefined;
  readonly mode?: Mode | undefined;
  readonly durSeconds?: number | undefined;
  readonly seed?: number | undefined;
  /** For this run only; the others become the asset's own when the clip is ready. */
  readonly promptOverride?: string | undefined;
}

/**
 * Starts another generation of an asset, in place: its address stays, its present clip is served
 * until the new one is ready, and beyond that when the new one fails.
 * @throws AppError `not_found`; `conflict` while a generation is being made; `limit_reached`.
 */
export async function regenerateAsset(
  deps: RegenerateDeps,
  assetId: string,
  changes: RegenerateChanges,
  { requestId }: { readonly requestId: string },
): Promise<void> {
  await deps.store.write(async (tx) => {
    const locked = await lockAsset(tx, assetId);
    await refuseWhileRunning(tx, locked);
    const project = await findProject(tx.query, locked.project_id);
    if (!project || project.deleted_at !== null) throw new AppError("not_found", "not found");
    await startGeneration(tx, {
      id: deps.createId(),
      asset: await applyChanges(tx, locked, changes),
      ownerId: project.owner_id,
      overageEnabled: project.overage_enabled === 1,
      requestId,
      nowMs: deps.clock.now(),
      promptOverride: changes.promptOverride,
      limitMessage: regenerateLimitMessage,
    });
  });
}

/** Two at once would be charged twice for one clip, and which of them stays would be chance. */
async function refuseWhileRunning(tx: Tx, asset: Asset): Promise<void> {
  const id = asset.newest_generation_id;
  const newest = id === null ? undefined : await findGeneration(tx.query, id);
  if (!newest || isTerminal(newest.state)) return;
  throw new AppError(
    "conflict",
    "a generation of this asset is being made: wait for it, or cancel it first",
  );
}

/**
 * The asset as the generation is to be made of it. While an older clip is served the row still
 * tells of that one, and goes on to do so when the new one fails.
 */
async function applyChanges(tx: Tx, asset: Asset, changes: RegenerateChanges): Promise<Asset> {
  const changed = {
    motion: changes.motion ?? asset.motion,
    mode: changes.mode ?? asset.mode,
    dur_seconds: changes.durSeconds ?? asset.dur_seconds,
    seed: changes.seed ?? asset.seed,
  };
  if (asset.current_generation_id === null) {
    await tx.query.updateTable("assets").set(changed).where("id", "=", asset.id).execute();
  }
  return { ...asset, ...changed };
}
