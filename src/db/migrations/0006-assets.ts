import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/**
 * What deleting, versions and uploads need: generations that were deleted with their asset keep
 * their number, so that no version's address ever means other bytes; an upload is written down
 * before its bytes are stored; an asset is found by its source.
 */
export async function addAssetDeletion(
  db: Kysely<unknown>,
  { integer }: ColumnTypes,
): Promise<void> {
  for (const statement of [
    `alter table generations add column deleted_at ${integer}`,
    "alter table uploads add column state text not null default 'stored'",
    "create index assets_by_source on assets (project_id, src_url)",
  ]) {
    await sql.raw(statement).execute(db);
  }
}
