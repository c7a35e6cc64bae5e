import { type Kysely, sql } from "kysely";

/** What vision saw in the still is kept beside the plan that it made of it. */
export async function addSight(db: Kysely<unknown>): Promise<void> {
  await sql.raw("alter table generations add column sight text").execute(db);
}
