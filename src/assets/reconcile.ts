import type { Generation } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { enqueue } from "../jobs/queue.ts";
import { generationJob } from "./generations.ts";
import { isTerminal } from "./lifecycle.ts";

/** An asset that has been pending for longer is looked after when it is read. */
export const reconcileAfterMs = 25_000;
/** A provider is not asked more often than this, however many read. */
const pollEveryMs = 5_000;

export interface ReconcileDeps {
  readonly store: Store;
  readonly clock: { now(): number };
}

/**
 * Has a generation that takes long looked after now: the provider that works on it is asked at
 * once instead of at its time, and one whose job was lost gets another. A job that is being worked
 * on, or waits before another attempt, is left alone.
 * @returns whether anything was done.
 */
export async function reconcileGeneration(
  { store, clock }: ReconcileDeps,
  generation: Generation,
  afterMs = reconcileAfterMs,
): Promise<boolean> {
  const nowMs = clock.now();
  if (isTerminal(generation.state) || nowMs - generation.created_at <= afterMs) return false;
  if (nowMs - generation.progressed_at <= pollEveryMs) return false;
  const jobs = await store.read
    .selectFrom("jobs")
    .select(["worker", "due_at"])
    .where("kind", "=", generationJob)
    .where("subject", "=", generation.id)
    .execute();
  const isLost = jobs.length === 0;
  const mayPoll =
    generation.provider_reference !== null &&
    jobs.length === 1 &&
    jobs.every(({ worker, due_at: dueAt }) => worker === null && dueAt > nowMs);
  if (!isLost && !mayPoll) return false;
  return store.write((tx) => queueNow(tx, generation));
}

/** Only while the generation is where it was seen: what has moved on needs no help. */
async function queueNow(tx: Tx, generation: Generation): Promise<boolean> {
  const unmoved = await tx.query
    .selectFrom("generations")
    .select("id")
    .where("id", "=", generation.id)
    .where("state", "=", generation.state)
    .where("progressed_at", "=", generation.progressed_at)
    .executeTakeFirst();
  if (!unmoved) return false;
  await enqueue(tx, { kind: generationJob, subject: generation.id });
  return true;
}
