import type { Kysely } from "kysely";
import type { Schema } from "../db/schema.ts";
import { monthOf } from "./quota.ts";

export interface Usage {
  /** Generations charged this month, over all of the user's projects. */
  readonly used: number;
  /** When the next month begins, in Unix milliseconds. */
  readonly resetAt: number;
}

/** What a user has generated in the calendar month (UTC) that `nowMs` falls in. */
export async function findUsage(
  query: Kysely<Schema>,
  userId: string,
  nowMs: number,
): Promise<Usage> {
  const row = await query
    .selectFrom("usage")
    .select("used")
    .where("user_id", "=", userId)
    .where("month", "=", monthOf(nowMs))
    .executeTakeFirst();
  const now = new Date(nowMs);
  const resetAt = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return { used: row?.used ?? 0, resetAt };
}
