import { sql } from "kysely";
import type { Delivery } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { append } from "../events/log.ts";
import type { EventPayload, WireEvent } from "../events/wire-event.ts";
import { retryDelayMs, webhookDelaysMs } from "../jobs/backoff.ts";
import type { Log } from "../log.ts";
import { type Attempt, goneStatus } from "./attempt.ts";
import type { Envelope } from "./envelope.ts";
import { switchEndpoint } from "./settings.ts";

export interface RecordDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Uniform in [0, 1): keeps those that failed together from coming back together. */
  readonly random: () => number;
}

/**
 * Records how an attempt went: the delivery is over, or has a time for the next. Nothing happens
 * when somebody else has recorded one meanwhile, as after a lost lease, or it was forgotten.
 */
export async function recordAttempt(
  deps: RecordDeps,
  delivery: Delivery,
  attempt: Attempt,
): Promise<void> {
  const isGone = attempt.responseCode === goneStatus;
  const delayMs = attempt.isDelivered || isGone ? undefined : nextDelayMs(deps, delivery, attempt);
  await deps.store.write(async (tx) => {
    if (!(await moveOn(tx, delivery, attempt, delayMs))) return;
    if (isGone) await switchEndpoint(tx, endpointOf(delivery), false);
    const said = { ...deps, delivery, number: delivery.attempt + 1 };
    const { failure, latencyMs } = attempt;
    if (!failure) {
      await tell(tx, said, "webhook_delivered", { latency_ms: latencyMs });
      return;
    }
    const why = { error_code: failure.code, error_msg: failure.message };
    const next = delayMs === undefined ? {} : { delay_ms: delayMs };
    await tell(tx, said, "webhook_failed", { latency_ms: latencyMs, ...why, ...next });
    if (delayMs === undefined) await tell(tx, said, "webhook_dead_letter", why);
  });
  if (attempt.isDelivered || delayMs !== undefined) return;
  const { id: delivery_id, project_id, event_type } = delivery;
  const error_msg = attempt.failure?.detail;
  deps.log.warn("webhook_dead", { delivery_id, project_id, event_type, error_msg });
}

/** Gives a delivery up without another attempt. */
export async function giveUp(deps: RecordDeps, delivery: Delivery, error: string): Promise<void> {
  await deps.store.write(async (tx) => {
    const ended = await tx.query
      .updateTable("deliveries")
      .set({ status: "dead", next_attempt_at: null, error })
      .where("id", "=", delivery.id)
      .where("next_attempt_at", "is not", null)
      .returning("id")
      .executeTakeFirst();
    if (!ended) return;
    const why = { error_code: "webhook_unreachable", error_msg: error };
    await tell(tx, { ...deps, delivery, number: delivery.attempt }, "webhook_dead_letter", why);
  });
}

/** Says on the asset's streams that a message waits to be sent. */
export async function tellDispatched(
  tx: Tx,
  deps: Pick<RecordDeps, "clock">,
  delivery: Pick<
    Delivery,
    "id" | "asset_id" | "project_id" | "event_id" | "event_type" | "payload"
  >,
): Promise<void> {
  await tell(tx, { ...deps, delivery, number: 1 }, "webhook_dispatched", {});
}

function nextDelayMs({ random }: RecordDeps, delivery: Delivery, { failure }: Attempt) {
  return retryDelayMs(webhookDelaysMs, delivery.attempt + 1, failure?.retryAfterMs, random);
}

function endpointOf({ project_id: projectId, url }: Delivery) {
  return { projectId, url };
}

async function moveOn(
  tx: Tx,
  delivery: Delivery,
  attempt: Attempt,
  delayMs: number | undefined,
): Promise<boolean> {
  const moved = await tx.query
    .updateTable("deliveries")
    .set({
      status: attempt.isDelivered ? "delivered" : delayMs === undefined ? "dead" : "failed",
      attempt: delivery.attempt + 1,
      url: delivery.url,
      next_attempt_at: delayMs === undefined ? null : sql<number>`${tx.now} + ${delayMs}`,
      response_code: attempt.responseCode,
      response_body_preview: attempt.responseBodyPreview,
      error: attempt.failure?.detail ?? null,
      delivered_at: attempt.isDelivered ? tx.now : null,
    })
    .where("id", "=", delivery.id)
    .where("attempt", "=", delivery.attempt)
    .where("next_attempt_at", "is not", null)
    .returning("id")
    .executeTakeFirst();
  return moved !== undefined;
}

interface Said {
  readonly clock: { now(): number };
  readonly delivery: Parameters<typeof tellDispatched>[2];
  /** Of the attempt. */
  readonly number: number;
}

/** Appends an event about a delivery to its asset's log; a test's is nobody's. */
async function tell(
  tx: Tx,
  { clock, delivery, number }: Said,
  type: WireEvent,
  more: Partial<EventPayload>,
): Promise<void> {
  const { asset_id: assetId, project_id: projectId } = delivery;
  if (assetId === null) return;
  const about = await tx.query
    .selectFrom("events")
    .select("generation_id")
    .where("event_id", "=", delivery.event_id)
    .executeTakeFirst();
  const { request_id } = JSON.parse(delivery.payload) as Envelope;
  await append(tx, {
    projectId,
    assetId,
    generationId: about?.generation_id ?? null,
    type,
    payload: {
      ...more,
      delivery_id: delivery.id,
      event_type: delivery.event_type,
      asset_id: assetId,
      attempt: number,
      request_id,
      ts: clock.now(),
    },
  });
}
