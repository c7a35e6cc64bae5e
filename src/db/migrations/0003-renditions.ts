import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** Other forms of a clip, each made when it is first asked for. */
export async function addRenditions(
  db: Kysely<unknown>,
  { integer, strict }: ColumnTypes,
): Promise<void> {
  for (const statement of [
    `create table renditions (
      generation_id text not null references generations (id) on delete cascade,
      asset_id text not null references assets (id) on delete cascade,
      format text not null, state text not null, attempts ${integer} not null,
      media_key text, media_sha256 text, bytes ${integer}, content_type text,
      width ${integer}, height ${integer}, error_code text, error_msg text,
      created_at ${integer} not null, ready_at ${integer},
      primary key (generation_id, format)
    )${strict}`,
    "create index renditions_by_asset on renditions (asset_id)",
  ]) {
    await sql.raw(statement).execute(db);
  }
}
