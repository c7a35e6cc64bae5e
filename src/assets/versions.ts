import type { Kysely } from "kysely";
import type { Generation, Schema } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { enqueue } from "../jobs/queue.ts";
import { optionsOf } from "./generations.ts";
import { lockAsset } from "./lock.ts";
import { cleanupJob, purgeJob } from "./transition.ts";

/** So many of an asset's newest clips are kept, and the one that is served. */
export const versionsKept = 5;
/** What one list shows; older generations have no clip any more. */
const listedMax = 100;

/** The generations of an asset, newest first. */
export async function listGenerations(
  query: Kysely<Schema>,
  assetId: string,
): Promise<readonly Generation[]> {
  return query
    .selectFrom("generations")
    .selectAll()
    .where("asset_id", "=", assetId)
    .where("deleted_at", "is", null)
    .orderBy("number", "desc")
    .limit(listedMax)
    .execute();
}

/** The kept clip of one number, as an address with `?v=` names it, or undefined. */
export async function findVersion(
  query: Kysely<Schema>,
  assetId: string,
  number: number,
): Promise<Generation | undefined> {
  return query
    .selectFrom("generations")
    .selectAll()
    .where("asset_id", "=", assetId)
    .where("number", "=", number)
    .where("state", "=", "ready")
    .where("media_key", "is not", null)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/**
 * Serves an earlier generation again, or a later one. Nothing is made and nothing is charged; who
 * is just reading the other clip reads it to its end, for its file stays.
 * @throws AppError `not_found`; `conflict` when its clip was never ready or is not kept any more.
 */
export async function activateGeneration(
  store: Store,
  { assetId, generationId }: { readonly assetId: string; readonly generationId: string },
): Promise<void> {
  await store.write(async (tx) => {
    const asset = await lockAsset(tx, assetId);
    const generation = await tx.query
      .selectFrom("generations")
      .selectAll()
      .where("id", "=", generationId)
      .where("asset_id", "=", assetId)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (!generation) throw new AppError("not_found", "not found");
    if (generation.state !== "ready" || generation.media_key === null) {
      const why = generation.state === "ready" ? "is not kept any more" : "never became ready";
      throw new AppError("conflict", `the clip of generation ${generation.number} ${why}`);
    }
    if (asset.current_generation_id === generationId) return;
    await tx.query
      .updateTable("assets")
      .set({
        ...optionsOf(generation),
        current_generation_id: generationId,
        status: asset.status === "pending" ? "pending" : "ready",
        // Since when this clip is served: its Last-Modified must never go back.
        ready_at: tx.now,
      })
      .where("id", "=", assetId)
      .execute();
    await enqueue(tx, { kind: purgeJob, subject: assetId });
    tx.wake(`asset:${assetId}`);
    tx.wake(`project:${asset.project_id}`);
  });
}

/** Lets go of the clips past those that are kept; a job removes their files. */
export async function pruneVersions(tx: Tx, assetId: string): Promise<void> {
  const asset = await lockAsset(tx, assetId);
  const kept = await tx.query
    .selectFrom("generations")
    .select(["id"])
    .where("asset_id", "=", assetId)
    .where("state", "=", "ready")
    .where("media_key", "is not", null)
    .orderBy("number", "desc")
    .execute();
  const old = kept.slice(versionsKept).filter(({ id }) => id !== asset.current_generation_id);
  for (const { id } of old) {
    await tx.query
      .updateTable("generations")
      .set({ media_key: null, poster_key: null })
      .where("id", "=", id)
      .execute();
    await enqueue(tx, { kind: cleanupJob, subject: id });
  }
}
