import { type Kysely, sql } from "kysely";

/** What a project's last crawl was asked for, and came to. */
export async function addCrawl(db: Kysely<unknown>): Promise<void> {
  await sql`alter table projects add column crawl text`.execute(db);
}
