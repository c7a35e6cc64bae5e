import type { Asset } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { AppError, toAppError } from "../errors.ts";
import { enqueue } from "../jobs/queue.ts";
import { cancelAsset } from "./cancel.ts";
import { isTerminal } from "./lifecycle.ts";
import { lockAsset } from "./lock.ts";
import { findGeneration } from "./store.ts";
import { cleanupJob, purgeJob, type TransitionDeps } from "./transition.ts";

/** Somebody may start another generation between the cancelling and the deleting. */
const triesMax = 5;
/** Assets of one source that one call deletes. */
export const deletedAtOnceMax = 1000;

/**
 * Deletes an asset: what runs is cancelled, its clips, posters and work files are removed, and
 * what was said and seen of its source is forgotten. Its row stays, empty, so that the numbers of
 * its versions are never given again; the same request later makes a fresh asset of it.
 * @throws AppError `not_found`; `conflict` when others keep starting it.
 */
export async function deleteAsset(deps: TransitionDeps, assetId: string): Promise<void> {
  for (let tries = 0; tries < triesMax; tries++) {
    const isGone = await deps.store.write(async (tx) => {
      const asset = await lockAsset(tx, assetId);
      if (await isRunning(tx, asset)) return false;
      await forget(tx, asset);
      return true;
    });
    if (isGone) return;
    await cancelAsset(deps, assetId).catch((thrown) => {
      // It ended by itself meanwhile.
      if (toAppError(thrown).code !== "conflict") throw thrown;
    });
  }
  throw new AppError("conflict", "the asset keeps being started; try again");
}

/**
 * Deletes every asset that a project has made of a source, whatever its options, and by whichever
 * of http and https it was fetched: with a plain source that was never the caller's to say.
 * @returns their ids, at most `deletedAtOnceMax`.
 */
export async function deleteAssetsOfSource(
  deps: TransitionDeps,
  { projectId, src }: { readonly projectId: string; readonly src: string },
): Promise<readonly string[]> {
  const found = await deps.store.read
    .selectFrom("assets")
    .select("id")
    .where("project_id", "=", projectId)
    .where("src_url", "in", bothSchemes(src))
    .where("deleted_at", "is", null)
    .limit(deletedAtOnceMax)
    .execute();
  for (const { id } of found) {
    await deleteAsset(deps, id).catch((thrown) => {
      if (toAppError(thrown).code !== "not_found") throw thrown;
    });
  }
  return found.map(({ id }) => id);
}

function bothSchemes(src: string): readonly string[] {
  return ["https", "http"].map((scheme) => src.replace(/^https?(?=:)/, scheme));
}

async function isRunning(tx: Tx, asset: Asset): Promise<boolean> {
  const id = asset.newest_generation_id;
  const newest = id === null ? undefined : await findGeneration(tx.query, id);
  return newest !== undefined && !isTerminal(newest.state);
}

async function forget(tx: Tx, { id: assetId, project_id: projectId }: Asset): Promise<void> {
  await tx.query
    .updateTable("assets")
    .set({
      src_url: "",
      prompt: null,
      idem: null,
      status: "failed",
      current_generation_id: null,
      deleted_at: tx.now,
    })
    .where("id", "=", assetId)
    .execute();
  const generations = await tx.query
    .updateTable("generations")
    .set({ ...forgotten, deleted_at: tx.now })
    .where("asset_id", "=", assetId)
    .where("deleted_at", "is", null)
    .returning("id")
    .execute();
  for (const { id } of generations) {
    await tx.query
      .updateTable("provider_calls")
      .set({ response: null })
      .where("generation_id", "=", id)
      .execute();
    await enqueue(tx, { kind: cleanupJob, subject: id });
  }
  // Messages say where the source was; what has not been delivered is about nothing now. They go
  // before the events: whoever is recording an attempt adds some, and holds the message meanwhile.
  await tx.query.deleteFrom("deliveries").where("asset_id", "=", assetId).execute();
  await tx.query.deleteFrom("events").where("asset_id", "=", assetId).execute();
  await enqueue(tx, { kind: purgeJob, subject: assetId });
  tx.wake(`asset:${assetId}`);
  tx.wake(`project:${projectId}`);
}

/** What a generation knows of its source, or of what was made of it. */
const forgotten = {
  prompt: null,
  vision_prompt: null,
  plan: null,
  sight: null,
  source_sha256: null,
  media_key: null,
  poster_key: null,
  thumbhash: null,
  error_msg: null,
} as const;
