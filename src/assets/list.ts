import type { Kysely } from "kysely";
import type { Asset, Schema } from "../db/schema.ts";
import type { PagePlace } from "./page.ts";
import type { AssetView } from "./request.ts";

export interface AssetFilter {
  readonly projectId: string;
  readonly status?: string | undefined;
  readonly mode?: string | undefined;
  /** Created at or after, Unix milliseconds. */
  readonly fromMs?: number | undefined;
  /** Created before. */
  readonly toMs?: number | undefined;
  readonly after: PagePlace | undefined;
  readonly limit: number;
}

/** A project's assets, newest first, each with its newest and its current generation. */
export async function listAssets(
  query: Kysely<Schema>,
  filter: AssetFilter,
): Promise<readonly AssetView[]> {
  const assets = await findAssets(query, filter);
  const ids = assets.flatMap(({ newest_generation_id: newest, current_generation_id: current }) =>
    [newest, current].filter((id) => id !== null),
  );
  if (ids.length === 0) return [];
  const rows = await query.selectFrom("generations").selectAll().where("id", "in", ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return assets.flatMap((asset) => {
    const newest = byId.get(asset.newest_generation_id ?? "");
    if (!newest) return [];
    return [{ asset, newest, current: byId.get(asset.current_generation_id ?? "") }];
  });
}

function findAssets(query: Kysely<Schema>, filter: AssetFilter): Promise<Asset[]> {
  const { projectId, status, mode, fromMs, toMs, after, limit } = filter;
  let rows = query
    .selectFrom("assets")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("deleted_at", "is", null);
  if (status !== undefined) rows = rows.where("status", "=", status);
  if (mode !== undefined) rows = rows.where("mode", "=", mode);
  if (fromMs !== undefined) rows = rows.where("created_at", ">=", fromMs);
  if (toMs !== undefined) rows = rows.where("created_at", "<", toMs);
  if (after !== undefined) {
    const { createdAt, id } = after;
    // Compared as a pair, which an index answers; spelled out it would read all pages before.
    rows = rows.where((e) => e(e.refTuple("created_at", "id"), "<", e.tuple(createdAt, id)));
  }
  return rows.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).execute();
}
