import { type Kysely, sql } from "kysely";

/** Which key an API key was made with: whoever revokes the one ends the other. */
export async function addKeyMakers(db: Kysely<unknown>): Promise<void> {
  await sql`alter table api_keys add column made_with text`.execute(db);
}
