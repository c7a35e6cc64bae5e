import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** When a user was shut out; null for everybody else. */
export async function addDisabledUsers(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await sql.raw(`alter table users add column disabled_at ${types.integer}`).execute(db);
}
