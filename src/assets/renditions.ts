import type { Kysely, UpdateObject } from "kysely";
import type { Rendition } from "../db/rendition-table.ts";
import type { Generation, Schema } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { beatJob, type ClaimedJob, enqueue, finishJob } from "../jobs/queue.ts";
import { leaseMs } from "../jobs/runner.ts";

/** The job kind that makes another form of a clip. */
export const renditionJob = "rendition";

/** One that is pending for longer, and has no job, lost it: it gets another when it is read. */
const lostAfterMs = 60_000;

/** One form of one generation's clip. */
export interface RenditionName {
  readonly generationId: string;
  readonly format: string;
}

export interface EnsureRenditionDeps {
  readonly store: Store;
  readonly clock: { now(): number };
}

export type EnsureRendition = (
  generation: Pick<Generation, "id" | "asset_id">,
  format: string,
) => Promise<Rendition>;

/**
 * Makes sure that a form of a clip is being made: one row and one job, however many ask at once.
 * Within this process the first caller writes and the others wait; between processes the primary
 * key decides. It costs nothing, and one that failed is not tried again.
 */
export function createEnsureRendition(deps: EnsureRenditionDeps): EnsureRendition {
  const inFlight = new Map<string, Promise<Rendition>>();
  return (generation, format) => {
    const subject = subjectOf({ generationId: generation.id, format });
    const running = inFlight.get(subject);
    if (running) return running;
    const started = ensure(deps, generation, format).finally(() => inFlight.delete(subject));
    inFlight.set(subject, started);
    return started;
  };
}

/** A form of a clip as it stands, or undefined when nobody has asked for it. */
export async function findRendition(
  query: Kysely<Schema>,
  { generationId, format }: RenditionName,
): Promise<Rendition | undefined> {
  return query
    .selectFrom("renditions")
    .selectAll()
    .where("generation_id", "=", generationId)
    .where("format", "=", format)
    .executeTakeFirst();
}

/** What a job of `renditionJob` is about. */
export function parseRenditionSubject(subject: string): RenditionName {
  const split = subject.lastIndexOf(".");
  return { generationId: subject.slice(0, split), format: subject.slice(split + 1) };
}

export interface RenditionMedia {
  readonly media_key: string;
  readonly media_sha256: string;
  readonly bytes: number;
  readonly content_type: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Ends the job with what it stored, in one transaction.
 * @returns `ready`; `unwanted` when the clip is not kept any more, so that the stored object is to
 * be removed; `lost` when the job is somebody else's by now.
 */
export async function finishRendition(
  store: Store,
  job: ClaimedJob,
  media: RenditionMedia,
): Promise<"ready" | "unwanted" | "lost"> {
  return store.write(async (tx) => {
    if (!(await finishJob(tx, job))) return "lost";
    const name = parseRenditionSubject(job.subject);
    const kept = await tx.query
      .selectFrom("generations")
      .select("asset_id")
      .where("id", "=", name.generationId)
      .where("media_key", "is not", null)
      .executeTakeFirst();
    if (!kept) return "unwanted";
    const changed = await update(tx, name, { ...media, state: "ready", ready_at: tx.now });
    return changed ? "ready" : "unwanted";
  });
}

/** Ends the job and the rendition for good, with the reason. */
export async function failRendition(store: Store, job: ClaimedJob, error: AppError): Promise<void> {
  await store.write(async (tx) => {
    if (!(await finishJob(tx, job))) return;
    const failure = { error_code: error.code, error_msg: error.message };
    await update(tx, parseRenditionSubject(job.subject), { ...failure, state: "failed" });
  });
}

/**
 * Counts a try that failed. The job stays ours, to be handed back.
 * @returns false when it is not.
 */
export async function countRenditionAttempt(store: Store, job: ClaimedJob): Promise<boolean> {
  return store.write(async (tx) => {
    if (!(await beatJob(tx, job, leaseMs))) return false;
    const { generationId, format } = parseRenditionSubject(job.subject);
    await tx.query
      .updateTable("renditions")
      .set((e) => ({ attempts: e("attempts", "+", 1) }))
      .where("generation_id", "=", generationId)
      .where("format", "=", format)
      .execute();
    return true;
  });
}

/** Forgets all forms of a clip that is not kept any more. */
export async function forgetRenditions(store: Store, generationId: string): Promise<void> {
  await store.write(async (tx) => {
    await tx.query.deleteFrom("renditions").where("generation_id", "=", generationId).execute();
  });
}

async function ensure(
  { store, clock }: EnsureRenditionDeps,
  generation: Pick<Generation, "id" | "asset_id">,
  format: string,
): Promise<Rendition> {
  const name = { generationId: generation.id, format };
  const found = await findRendition(store.read, name);
  if (found && !(await isLost(store, found, clock.now()))) return found;
  await store.write(async (tx) => {
    if (!found && !(await insert(tx, generation, format))) return;
    await enqueue(tx, { kind: renditionJob, subject: subjectOf(name) });
  });
  const rendition = await findRendition(store.read, name);
  if (!rendition) throw new AppError("not_found", "not found");
  return rendition;
}

/** Whether nothing will ever come of a rendition by itself. */
async function isLost(store: Store, rendition: Rendition, nowMs: number): Promise<boolean> {
  if (rendition.state !== "pending" || nowMs - rendition.created_at < lostAfterMs) return false;
  const name = { generationId: rendition.generation_id, format: rendition.format };
  const job = await store.read
    .selectFrom("jobs")
    .select("id")
    .where("kind", "=", renditionJob)
    .where("subject", "=", subjectOf(name))
    .executeTakeFirst();
  return job === undefined;
}

/** @returns false when it is there already. */
async function insert(
  tx: Tx,
  generation: Pick<Generation, "id" | "asset_id">,
  format: string,
): Promise<boolean> {
  const inserted = await tx.query
    .insertInto("renditions")
    .values({
      generation_id: generation.id,
      asset_id: generation.asset_id,
      format,
      state: "pending",
      attempts: 0,
      created_at: tx.now,
    })
    .onConflict((oc) => oc.columns(["generation_id", "format"]).doNothing())
    .returning("format")
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Changes a rendition that is still pending, and wakes who waits for it. */
async function update(
  tx: Tx,
  { generationId, format }: RenditionName,
  changes: UpdateObject<Schema, "renditions", "renditions">,
): Promise<boolean> {
  const changed = await tx.query
    .updateTable("renditions")
    .set(changes)
    .where("generation_id", "=", generationId)
    .where("format", "=", format)
    .where("state", "=", "pending")
    .returning("asset_id")
    .executeTakeFirst();
  if (changed) tx.wake(`asset:${changed.asset_id}`);
  return changed !== undefined;
}

/** One job waits for each. */
function subjectOf({ generationId, format }: RenditionName): string {
  return `${generationId}.${format}`;
}
