import { type Kysely, sql } from "kysely";

/** What an endpoint's worker looks for: the next of its messages; and why an attempt failed. */
export async function addDeliveryQueue(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    "alter table deliveries add column error text",
    `create index deliveries_waiting on deliveries (project_id, next_attempt_at, id)
      where next_attempt_at is not null`,
    // It was for one queue of all projects.
    "drop index deliveries_by_due",
  ]) {
    await sql.raw(statement).execute(db);
  }
}
