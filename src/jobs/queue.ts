import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Job, Schema } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";

export interface NewJob {
  readonly kind: string;
  /** What the job is about, by id. */
  readonly subject: string;
  readonly delayMs?: number;
  /** Anything that JSON can carry; `{}` when not given. */
  readonly payload?: unknown;
}

/** A job under lease. Whoever holds an older lease of it can do nothing with it any more. */
export interface ClaimedJob extends Readonly<Omit<Job, "worker">> {
  readonly worker: string;
}

/** What proves a lease. */
export type Lease = Pick<ClaimedJob, "id" | "worker" | "fence">;

export interface ClaimOptions {
  readonly kind: string;
  /** The claimer, as no other process names itself. */
  readonly worker: string;
  readonly leaseMs: number;
  readonly limit: number;
  /** Jobs never to take: the claimer works on them still. */
  readonly except: readonly string[];
  readonly skipLocked: Store["skipLocked"];
}

/**
 * Queues a job in the caller's transaction: it exists when that commits, and never otherwise. One
 * job waits for each kind and subject; a second one moves it forward if need be, and its payload
 * replaces the first's.
 */
export async function enqueue(tx: Tx, job: NewJob): Promise<void> {
  const row = {
    id: Bun.randomUUIDv7(),
    kind: job.kind,
    subject: job.subject,
    payload: JSON.stringify(job.payload ?? {}),
    due_at: after(tx.now, job.delayMs ?? 0),
    worker: null,
    claims: 0,
    fence: 0,
    created_at: tx.now,
  };
  await tx.query
    .insertInto("jobs")
    .values(row)
    .onConflict((oc) =>
      oc
        .columns(["kind", "subject"])
        .where("worker", "is", null)
        .doUpdateSet({ due_at: earlierDue, payload: (e) => e.ref("excluded.payload") }),
    )
    .execute();
  tx.wake("jobs");
}

/**
 * Takes up to `limit` jobs that are due, the longest due first: waiting ones, and held ones whose
 * lease ran out. While a job is held, no other of the same kind and subject is taken.
 */
export async function claimJobs(tx: Tx, options: ClaimOptions): Promise<ClaimedJob[]> {
  const rows = await tx.query
    // A `with` is evaluated once; as a plain subquery Postgres may run it, and lock, repeatedly.
    .with("due", (query) => dueJobs(query, tx.now, options))
    .updateTable("jobs")
    .set((e) => ({
      due_at: after(tx.now, options.leaseMs),
      worker: options.worker,
      claims: e("claims", "+", 1),
      fence: e("fence", "+", 1),
    }))
    .where("id", "in", (query) => query.selectFrom("due").select("due.id"))
    .returningAll()
    .execute();
  return rows.map((row) => ({ ...row, worker: options.worker }));
}

/** Extends a lease. @returns false when it was lost: the work is somebody else's now. */
export async function beatJob(tx: Tx, lease: Lease, leaseMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.query
    .updateTable("jobs")
    .set({ due_at: after(tx.now, leaseMs) })
    .where("id", "=", lease.id)
    .where("worker", "=", lease.worker)
    .where("fence", "=", lease.fence)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Removes a job whose work is done, in the transaction that records the work.
 * @returns false when the lease was lost: then nothing of that transaction may stand.
 */
export async function finishJob(tx: Tx, lease: Lease): Promise<boolean> {
  return (await takeOut(tx, lease)) !== undefined;
}

/** Hands a job back, due now; the claim does not count. @returns false when the lease was lost. */
export function releaseJob(tx: Tx, lease: Lease): Promise<boolean> {
  return rescheduleJob(tx, lease, 0);
}

/** Hands a job back for later; the claim does not count. @returns false when the lease was lost. */
export function rescheduleJob(tx: Tx, lease: Lease, delayMs: number): Promise<boolean> {
  return putBack(tx, lease, delayMs, -1);
}

/** Hands a job back for later; the claim counts as lost. @returns false when the lease was lost. */
export function failJob(tx: Tx, lease: Lease, delayMs: number): Promise<boolean> {
  return putBack(tx, lease, delayMs, 0);
}

/** Makes every held job due: for the one process of a store that nobody else writes to. */
export async function recoverHeldJobs(tx: Tx): Promise<void> {
  await tx.query
    .updateTable("jobs")
    .set({ due_at: tx.now })
    .where("worker", "is not", null)
    .execute();
}

/** Moves what waits along with a wall clock that was set, so that delays stay what they were. */
export async function shiftWaitingJobs(tx: Tx, byMs: number): Promise<void> {
  await tx.query
    .updateTable("jobs")
    .set((e) => ({ due_at: e("due_at", "+", Math.round(byMs)) }))
    .where("worker", "is", null)
    .where("due_at", ">", tx.now)
    .execute();
}

function dueJobs(
  query: Pick<Kysely<Schema>, "selectFrom">,
  now: RawBuilder<number>,
  { kind, except, limit, skipLocked }: ClaimOptions,
) {
  return query
    .selectFrom("jobs as job")
    .select("job.id")
    .where("job.kind", "=", kind)
    .where("job.due_at", "<=", now)
    .$if(except.length > 0, (rows) => rows.where("job.id", "not in", except))
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom("jobs as held")
            .select("held.id")
            .whereRef("held.kind", "=", "job.kind")
            .whereRef("held.subject", "=", "job.subject")
            .whereRef("held.id", "<>", "job.id")
            .where("held.worker", "is not", null),
        ),
      ),
    )
    .orderBy("job.due_at")
    .orderBy("job.id")
    .limit(limit)
    .$if(skipLocked, (rows) => rows.forUpdate("job").skipLocked());
}

/** Taken out and put in again, because another of its kind and subject may wait by now. */
async function putBack(tx: Tx, lease: Lease, delayMs: number, claims: number): Promise<boolean> {
  const job = await takeOut(tx, lease);
  if (!job) return false;
  await tx.query
    .insertInto("jobs")
    .values({
      ...job,
      worker: null,
      due_at: after(tx.now, delayMs),
      claims: Math.max(0, job.claims + claims),
    })
    .onConflict((oc) =>
      oc
        .columns(["kind", "subject"])
        .where("worker", "is", null)
        .doUpdateSet({ due_at: earlierDue, claims: moreClaims }),
    )
    .execute();
  tx.wake("jobs");
  return true;
}

function takeOut(tx: Tx, lease: Lease): Promise<Job | undefined> {
  return tx.query
    .deleteFrom("jobs")
    .where("id", "=", lease.id)
    .where("worker", "=", lease.worker)
    .where("fence", "=", lease.fence)
    .returningAll()
    .executeTakeFirst();
}

/** For an insert that met a job waiting already: the earlier time, the longer history of losses. */
const earlierDue = sql<number>`case when excluded.due_at < jobs.due_at
  then excluded.due_at else jobs.due_at end`;
const moreClaims = sql<number>`case when excluded.claims > jobs.claims
  then excluded.claims else jobs.claims end`;

function after(now: RawBuilder<number>, delayMs: number): RawBuilder<number> {
  return sql<number>`${now} + ${Math.max(0, Math.round(delayMs))}`;
}
