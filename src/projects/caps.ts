import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";

/**
 * Keeps a project within the generations a day and a month that its owner allows it, in UTC. For
 * the transaction that starts one, after its row was written and the owner's usage counted: that
 * count is one row of the owner, so no two generations of theirs are started side by side.
 * @param nowMs when the generation was written.
 * @throws AppError `limit_reached`.
 */
export async function checkProjectCaps(tx: Tx, projectId: string, nowMs: number): Promise<void> {
  const project = await tx.query
    .selectFrom("projects")
    .select(["generations_per_day_max", "generations_per_month_max"])
    .where("id", "=", projectId)
    .executeTakeFirst();
  if (!project) return;
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  await refusePast(tx, projectId, {
    max: project.generations_per_day_max,
    sinceMs: Date.UTC(year, month, now.getUTCDate()),
    message: "daily generation limit of this project reached",
  });
  await refusePast(tx, projectId, {
    max: project.generations_per_month_max,
    sinceMs: Date.UTC(year, month),
    message: "monthly generation limit of this project reached",
  });
}

interface Cap {
  readonly max: number | null;
  readonly sinceMs: number;
  readonly message: string;
}

async function refusePast(tx: Tx, projectId: string, cap: Cap): Promise<void> {
  if (cap.max === null) return;
  const { count } = await tx.query
    .selectFrom("generations")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("project_id", "=", projectId)
    .where("created_at", ">=", cap.sinceMs)
    .where("charged", "=", 1)
    .executeTakeFirstOrThrow();
  // Postgres counts in int8, which its driver may hand over as text.
  if (Number(count) > cap.max) throw new AppError("limit_reached", cap.message);
}
