import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Asset, Generation, Schema } from "../db/schema.ts";
import { isAnnouncing } from "../events/announce.ts";
import { isTerminal, workingStates } from "./lifecycle.ts";
import type { AssetView } from "./request.ts";

/** Each further look needs a change to fall between two queries once more. */
const looksMax = 3;

/** The asset with its newest and its current generation, or undefined. */
export async function findAssetView(
  query: Kysely<Schema>,
  assetId: string,
): Promise<AssetView | undefined> {
  for (let looks = 1; ; looks += 1) {
    const view = await lookAt(query, assetId);
    if (!view || !hasLostItsClip(view) || looks === looksMax) return view;
  }
}

/** Between the two queries the asset was deleted, or given another clip and rid of this one. */
function hasLostItsClip({ asset, current }: AssetView): boolean {
  return asset.current_generation_id !== null && !current?.media_key;
}

async function lookAt(query: Kysely<Schema>, assetId: string): Promise<AssetView | undefined> {
  const asset = await query
    .selectFrom("assets")
    .selectAll()
    .where("id", "=", assetId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return asset && viewOf(query, asset);
}

/** One generation by id, or undefined. */
export async function findGeneration(
  query: Kysely<Schema>,
  generationId: string,
): Promise<Generation | undefined> {
  return query
    .selectFrom("generations")
    .selectAll()
    .where("id", "=", generationId)
    .executeTakeFirst();
}

/**
 * Whether nothing more will be said about an asset: its newest generation has ended, and no
 * message about it is yet to be made or delivered. This is when its event stream closes.
 */
export async function hasEnded(query: Kysely<Schema>, assetId: string): Promise<boolean> {
  const view = await findAssetView(query, assetId);
  if (!view) return true;
  if (!isTerminal(view.newest.state) || (await isAnnouncing(query, assetId))) return false;
  const waiting = await query
    .selectFrom("deliveries")
    .select("id")
    .where("asset_id", "=", assetId)
    .where("status", "in", ["pending", "failed"])
    .limit(1)
    .executeTakeFirst();
  return waiting === undefined;
}

async function viewOf(query: Kysely<Schema>, asset: Asset): Promise<AssetView | undefined> {
  const ids = [asset.newest_generation_id, asset.current_generation_id].filter((id) => id !== null);
  if (ids.length === 0) return undefined;
  const rows = await query.selectFrom("generations").selectAll().where("id", "in", ids).execute();
  const newest = rows.find((row) => row.id === asset.newest_generation_id);
  if (!newest) return undefined;
  return { asset, newest, current: rows.find((row) => row.id === asset.current_generation_id) };
}

export interface SilentOptions {
  /** The present by the clock that stamped the rows. */
  readonly now: RawBuilder<number>;
  readonly silentMs: number;
  readonly limit: number;
}

export interface StalledOptions extends SilentOptions {
  readonly jobKind: string;
}

/** Generations at work without a sign of life, the longest silent first. */
export async function findSilentGenerations(
  query: Kysely<Schema>,
  { now, silentMs, limit }: SilentOptions,
): Promise<Generation[]> {
  return query
    .selectFrom("generations")
    .selectAll()
    .where("state", "in", workingStates)
    .where("progressed_at", "<", sql<number>`${now} - ${silentMs}`)
    .orderBy("progressed_at")
    .limit(limit)
    .execute();
}

/** Generations at work that no job will ever move again, the longest silent first. */
export async function findGenerationsWithoutJob(
  query: Kysely<Schema>,
  { jobKind, now, silentMs, limit }: StalledOptions,
): Promise<Generation[]> {
  return query
    .selectFrom("generations")
    .selectAll("generations")
    .where("state", "in", workingStates)
    .where("progressed_at", "<", sql<number>`${now} - ${silentMs}`)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom("jobs")
            .select("jobs.id")
            .where("jobs.kind", "=", jobKind)
            .whereRef("jobs.subject", "=", "generations.id"),
        ),
      ),
    )
    .orderBy("progressed_at")
    .limit(limit)
    .execute();
}
