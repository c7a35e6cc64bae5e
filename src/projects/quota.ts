import { sql } from "kysely";
import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { type PlanTerms, planTerms } from "../models/plans.ts";

export interface QuotaHolder {
  /** The project's owner: the month's count is theirs, over all their projects. */
  readonly ownerId: string;
  readonly overageEnabled: boolean;
  /** How a used-up month is told, when not as a proxy URL is told it. */
  readonly limitMessage?: string;
}

/** How a proxy URL and a prepare are told that the month is used up. */
export const monthlyLimitMessage = "monthly limit reached";
/** How a regenerate is told. */
export const regenerateLimitMessage = "monthly generation limit reached";

/** The calendar month in UTC that `ms` falls in, `2026-11`. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/**
 * Counts one generation against the owner's month, in the transaction that starts it.
 * @returns what the owner's plan allows.
 * @throws AppError `limit_reached` when the plan has none left; `forbidden` when the owner was shut
 * out, whose project keys and members would otherwise go on spending.
 */
export async function reserveGeneration(
  tx: Tx,
  holder: QuotaHolder,
  nowMs: number,
): Promise<PlanTerms> {
  const month = monthOf(nowMs);
  const usage = await tx.query
    .insertInto("usage")
    .values({ user_id: holder.ownerId, month, used: 1, overage: 0 })
    .onConflict((oc) =>
      oc.columns(["user_id", "month"]).doUpdateSet({ used: sql<number>`usage.used + 1` }),
    )
    .returning("used")
    .executeTakeFirstOrThrow();
  const user = await tx.query
    .selectFrom("users")
    .select(["plan", "disabled_at"])
    .where("id", "=", holder.ownerId)
    .executeTakeFirstOrThrow();
  if (user.disabled_at !== null) {
    throw new AppError("forbidden", "the account that owns this project is disabled");
  }
  const terms = planTerms(user.plan);
  if (terms.generationsPerMonth === undefined || usage.used <= terms.generationsPerMonth) {
    return terms;
  }
  if (!terms.allowsOverage) {
    throw new AppError("limit_reached", holder.limitMessage ?? monthlyLimitMessage);
  }
  if (!holder.overageEnabled) {
    throw new AppError(
      "limit_reached",
      "overage disabled — enable in project settings or upgrade plan",
    );
  }
  await tx.query
    .updateTable("usage")
    .set((e) => ({ overage: e("overage", "+", 1) }))
    .where("user_id", "=", holder.ownerId)
    .where("month", "=", month)
    .execute();
  return terms;
}

/**
 * Takes back a reservation made in the month of `reservedAtMs`: for a generation that failed or
 * was cancelled. An overage is given back before the plan's own share.
 */
export async function giveBackGeneration(
  tx: Tx,
  ownerId: string,
  reservedAtMs: number,
): Promise<void> {
  await tx.query
    .updateTable("usage")
    .set({
      used: sql<number>`used - 1`,
      overage: sql<number>`case when overage > 0 then overage - 1 else 0 end`,
    })
    .where("user_id", "=", ownerId)
    .where("month", "=", monthOf(reservedAtMs))
    .where("used", ">", 0)
    .execute();
}
