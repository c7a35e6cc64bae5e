import { sql } from "kysely";
import type { Generation, GenerationChanges } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { append } from "../events/log.ts";
import type { EventPayload, WireEvent } from "../events/wire-event.ts";
import { beatJob, type ClaimedJob, enqueue, finishJob } from "../jobs/queue.ts";
import { leaseMs } from "../jobs/runner.ts";
import { giveBackGeneration } from "../projects/quota.ts";
import { generationJob, optionsOf } from "./generations.ts";
import {
  isWorking,
  type LifecycleEvent,
  nextState,
  parseState,
  type State,
  wire,
} from "./lifecycle.ts";

/** The job kind that removes what a generation left between its stages. */
export const cleanupJob = "cleanup";
/** The job kind that tells the caches in front that an asset is served with other bytes. */
export const purgeJob = "purge";

export interface Move {
  /** As it was read when the work began: its state is the one to leave. */
  readonly generation: Generation;
  readonly event: LifecycleEvent;
  readonly changes?: GenerationChanges;
  /** Why, for `failed`, `cancelled` and `retried`. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** The job whose work this is. It ends here, unless the move is `started`. */
  readonly job?: ClaimedJob;
  /** For `retried`: how long to wait before the next attempt. */
  readonly delayMs?: number;
}

export interface TransitionDeps {
  readonly store: Store;
  readonly clock: { now(): number };
}

/**
 * The only writer of the lifecycle. In one transaction: the generation moves, the asset follows,
 * its events are appended, the finished job goes and the next one is queued.
 * @returns false when someone else moved it first, or took the job: then nothing moved, and of a
 * job that was still ours only the row is gone.
 */
export async function transition(deps: TransitionDeps, move: Move): Promise<boolean> {
  const from = parseState(move.generation.state);
  const to = from && nextState(from, move.event);
  if (!from || !to) {
    throw new AppError("conflict", `${move.event} cannot happen in state ${move.generation.state}`);
  }
  const nowMs = deps.clock.now();
  return deps.store.write(async (tx) => {
    if (move.job && !(await takeJob(tx, move.event, move.job))) return false;
    if (!move.job) await holdJobs(tx, move.generation.id);
    if (!(await moveGeneration(tx, move, to))) return false;
    await followAsset(tx, move, to);
    if (!isWorking(to)) await endGeneration(tx, move, to);
    else if (move.event === "retried") await queueNext(tx, move, move.delayMs ?? 0);
    else if (to !== from) await queueNext(tx, move, 0);
    await appendEvents(tx, move, from, nowMs);
    return true;
  });
}

/** Whether the job is still ours: then it is kept for the stage that begins, else it ends here. */
function takeJob(tx: Tx, event: LifecycleEvent, job: ClaimedJob): Promise<boolean> {
  return event === "started" ? beatJob(tx, job, leaseMs) : finishJob(tx, job);
}

/**
 * Who moves a generation without being its worker waits for the job first, as the worker does:
 * each would otherwise hold what the other one wants next.
 */
async function holdJobs(tx: Tx, generationId: string): Promise<void> {
  await tx.query
    .updateTable("jobs")
    .set((e) => ({ fence: e.ref("fence") }))
    .where("kind", "=", generationJob)
    .where("subject", "=", generationId)
    .execute();
}

async function moveGeneration(tx: Tx, move: Move, to: State): Promise<boolean> {
  const { generation, event } = move;
  const moved = await tx.query
    .updateTable("generations")
    .set({
      ...move.changes,
      state: to,
      progressed_at: tx.now,
      stage_attempts: event === "retried" ? generation.stage_attempts + 1 : attemptsAfter(move, to),
      stage_started_at: event === "started" || !announcesStart(to) ? tx.now : null,
      ...(generation.started_at === null ? { started_at: tx.now } : {}),
      ...(isWorking(to) ? {} : { ended_at: tx.now }),
      ...(move.failure && !isWorking(to)
        ? { error_code: move.failure.code, error_msg: move.failure.message }
        : {}),
    })
    .where("id", "=", generation.id)
    .where("state", "=", generation.state)
    .$if(event === "started", (rows) => rows.where("stage_started_at", "is", null))
    .returning("id")
    .executeTakeFirst();
  return moved !== undefined;
}

/** A stage that is entered has made no attempts yet; one that merely began keeps its count. */
function attemptsAfter(move: Move, to: State): number {
  return to === move.generation.state ? move.generation.stage_attempts : 0;
}

/** A state that says `started` is begun by that; any other is begun by entering it. */
function announcesStart(state: State): boolean {
  return nextState(state, "started") !== undefined;
}

/**
 * The asset's status is its newest generation's, but a clip that is ready stays ready; and its
 * options are those of the clip that is served.
 */
async function followAsset(tx: Tx, move: Move, to: State): Promise<void> {
  if (isWorking(to)) return;
  const { id, asset_id: assetId } = move.generation;
  if (to === "ready") {
    await tx.query
      .updateTable("assets")
      .set({
        ...optionsOf(move.generation),
        status: "ready",
        current_generation_id: id,
        ready_at: tx.now,
        updated_at: tx.now,
      })
      .where("id", "=", assetId)
      .execute();
    return;
  }
  await tx.query
    .updateTable("assets")
    .set({
      status: sql<string>`case when current_generation_id is null then 'failed' else 'ready' end`,
      updated_at: tx.now,
    })
    .where("id", "=", assetId)
    .where("newest_generation_id", "=", id)
    .execute();
}

async function endGeneration(tx: Tx, move: Move, to: State): Promise<void> {
  const { id, asset_id: assetId } = move.generation;
  await enqueue(tx, { kind: cleanupJob, subject: id });
  if (to === "ready") await enqueue(tx, { kind: purgeJob, subject: assetId });
  // Whoever works on it loses the lease, and with it the say: nothing more can be done in its name.
  if (to === "cancelled") await dropJobs(tx, id);
  if (to === "ready" || move.generation.charged === 0) return;
  const uncharged = await tx.query
    .updateTable("generations")
    .set({ charged: 0 })
    .where("id", "=", move.generation.id)
    .where("charged", "=", 1)
    .returning("created_at")
    .executeTakeFirst();
  const project = await tx.query
    .selectFrom("projects")
    .select("owner_id")
    .where("id", "=", move.generation.project_id)
    .executeTakeFirst();
  if (uncharged && project) {
    await giveBackGeneration(tx, project.owner_id, uncharged.created_at);
  }
}

async function dropJobs(tx: Tx, generationId: string): Promise<void> {
  await tx.query
    .deleteFrom("jobs")
    .where("kind", "=", generationJob)
    .where("subject", "=", generationId)
    .execute();
}

async function queueNext(tx: Tx, move: Move, delayMs: number): Promise<void> {
  await enqueue(tx, { kind: generationJob, subject: move.generation.id, delayMs });
}

async function appendEvents(tx: Tx, move: Move, from: State, nowMs: number): Promise<void> {
  const row = isWorking(from) ? wire[from] : undefined;
  const types = (row?.events as Record<string, readonly WireEvent[]> | undefined)?.[move.event];
  for (const type of types ?? []) {
    await append(tx, {
      projectId: move.generation.project_id,
      assetId: move.generation.asset_id,
      generationId: move.generation.id,
      type,
      payload: payloadOf(move, type, row?.stage, nowMs),
    });
  }
}

function payloadOf(
  move: Move,
  type: WireEvent,
  stage: string | undefined,
  nowMs: number,
): EventPayload {
  const { generation, failure } = move;
  const startedAtMs = generation.stage_started_at ?? generation.created_at;
  const isStageEvent = type.startsWith("stage_") || type === "retry_scheduled";
  return {
    ...(isStageEvent && stage ? { stage } : {}),
    ...(type.endsWith("_completed") ? { latency_ms: Math.max(0, nowMs - startedAtMs) } : {}),
    ...(failure && (type.endsWith("failed") || type === "retry_scheduled" || type === "cancelled")
      ? { error_code: failure.code, error_msg: failure.message }
      : {}),
    ...(type === "retry_scheduled" ? { delay_ms: move.delayMs ?? 0 } : {}),
    asset_id: generation.asset_id,
    attempt: generation.stage_attempts + 1,
    request_id: generation.request_id,
    ts: nowMs,
  };
}
