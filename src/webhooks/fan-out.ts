import type { EventRow, Project } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { announcementFor } from "../events/announce.ts";
import { failpoint } from "../failpoint.ts";
import type { JobHandler, JobOutcome } from "../jobs/handler.ts";
import { type ClaimedJob, enqueue, finishJob } from "../jobs/queue.ts";
import { findProject } from "../projects/project.ts";
import { deliverJob, insertDelivery, type NewDelivery } from "./deliveries.ts";
import { type ClipUrl, envelopeOf } from "./envelope.ts";
import { tellDispatched } from "./record.ts";

export interface FanOutDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly createId: () => string;
  readonly clipUrl: ClipUrl;
}

/** Events that are worked on at once: it is all the database's work. */
const fanOutsAtOnce = 2;

/** Makes of an event the message for the project's endpoint, and has it sent. */
export function createFanOut(deps: FanOutDeps): JobHandler {
  const run = async (job: ClaimedJob): Promise<JobOutcome> => {
    await deps.store.write(async (tx) => {
      if (await finishJob(tx, job)) await fanOut(deps, tx, job.subject);
    });
    failpoint("after_fan_out");
    return { state: "settled" };
  };
  return { run, exhausted: run, concurrency: fanOutsAtOnce };
}

async function fanOut(deps: FanOutDeps, tx: Tx, eventId: string): Promise<void> {
  const event = await findEvent(tx, eventId);
  const project = event && (await findProject(tx.query, event.project_id));
  // The asset was deleted, and with it what was to be told of it.
  if (!event || !project) return;
  const delivery = await deliveryOf(deps, tx, event, project);
  const isDispatched = delivery !== undefined && (await dispatchDelivery(deps, tx, delivery));
  // The asset's streams wait for this to be settled, and hear of it in no other way.
  if (!isDispatched && event.asset_id !== null) tx.wake(`asset:${event.asset_id}`);
}

/**
 * Has a message sent, and says so.
 * @returns false when the asset that it tells of was deleted: then nothing is left of it.
 */
export async function dispatchDelivery(
  deps: Pick<FanOutDeps, "clock">,
  tx: Tx,
  delivery: NewDelivery,
): Promise<boolean> {
  const { assetId } = delivery;
  if (assetId !== null && !(await holdAsset(tx, assetId))) return false;
  await insertDelivery(tx, delivery);
  await tellDispatched(tx, deps, {
    ...delivery,
    project_id: delivery.projectId,
    asset_id: delivery.assetId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
  });
  await enqueue(tx, { kind: deliverJob, subject: delivery.projectId });
  return true;
}

/** Whoever deletes the asset waits until this message stands, and then deletes it, too. */
async function holdAsset(tx: Tx, assetId: string): Promise<boolean> {
  const held = await tx.query
    .updateTable("assets")
    .set((e) => ({ updated_at: e.ref("updated_at") }))
    .where("id", "=", assetId)
    .where("deleted_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return held !== undefined;
}

/** Undefined when nobody wants to be told any more. */
async function deliveryOf(
  { createId, clipUrl }: FanOutDeps,
  tx: Tx,
  event: EventRow,
  project: Project,
): Promise<NewDelivery | undefined> {
  const type = announcementFor(event.type, project);
  const { webhook_url: url } = project;
  if (type === undefined || url === null) return undefined;
  const about = { event, type, clipUrl, ...(await subjectOf(tx, event)) };
  return {
    id: createId(),
    projectId: event.project_id,
    assetId: event.asset_id,
    eventId: event.event_id,
    eventType: type,
    url,
    payload: JSON.stringify(envelopeOf(about)),
  };
}

async function subjectOf(tx: Tx, event: EventRow) {
  const asset = await tx.query
    .selectFrom("assets")
    .select("src_url")
    .where("id", "=", event.asset_id)
    .executeTakeFirst();
  const generation = await tx.query
    .selectFrom("generations")
    .selectAll()
    .where("id", "=", event.generation_id)
    .executeTakeFirst();
  return { src: asset?.src_url ?? "", generation, failedStep: await findFailedStep(tx, event) };
}

/** The event just before: a step that fails says so first, and some fail without a word. */
async function findFailedStep(tx: Tx, event: EventRow): Promise<EventRow | undefined> {
  if (event.type !== "failed") return undefined;
  const before = await tx.query
    .selectFrom("events")
    .selectAll()
    .where("asset_id", "=", event.asset_id)
    .where("id", "<", event.id)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return before && /^(vision|stage)_failed$/.test(before.type) ? before : undefined;
}

function findEvent(tx: Tx, eventId: string): Promise<EventRow | undefined> {
  return tx.query
    .selectFrom("events")
    .selectAll()
    .where("event_id", "=", eventId)
    .executeTakeFirst();
}
