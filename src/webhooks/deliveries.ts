import { type Kysely, sql } from "kysely";
import { ulid } from "ulid";
import type { Delivery, Schema } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";

/** The job kind that sends what waits for an endpoint; its subject is the project. */
export const deliverJob = "deliver";

/** `failed` will be tried again. */
export const deliveryStatuses = ["pending", "delivered", "failed", "dead"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Those that are over and beyond these, of each project, are forgotten. */
export const deliveriesKept = 1000;

/** A fresh id: `dlv_` and a ULID. */
export function createDeliveryId(): string {
  return `dlv_${ulid()}`;
}

export interface NewDelivery {
  readonly id: string;
  readonly projectId: string;
  readonly assetId: string | null;
  readonly eventId: string;
  readonly eventType: string;
  readonly url: string;
  /** The body, byte for byte. */
  readonly payload: string;
}

/** Writes down a message to be sent as soon as may be, and forgets old ones. */
export async function insertDelivery(tx: Tx, delivery: NewDelivery): Promise<void> {
  await tx.query
    .insertInto("deliveries")
    .values({ ...columnsOf(delivery), created_at: tx.now, next_attempt_at: tx.now })
    .execute();
  await forgetOld(tx, delivery.projectId);
}

export interface EndedDelivery extends NewDelivery {
  readonly isDelivered: boolean;
  readonly responseCode: number | null;
  readonly responseBodyPreview: string | null;
  readonly error: string | null;
}

/** Writes down a message that was sent, once and for all. */
export async function insertEndedDelivery(tx: Tx, delivery: EndedDelivery): Promise<void> {
  await tx.query
    .insertInto("deliveries")
    .values({
      ...columnsOf(delivery),
      status: delivery.isDelivered ? "delivered" : "dead",
      attempt: 1,
      response_code: delivery.responseCode,
      response_body_preview: delivery.responseBodyPreview,
      error: delivery.error,
      created_at: tx.now,
      delivered_at: delivery.isDelivered ? tx.now : null,
    })
    .execute();
  await forgetOld(tx, delivery.projectId);
}

/** What is to be sent to a project's endpoint now, the longest due first. */
export async function findDue(
  query: Kysely<Schema>,
  projectId: string,
  limit: number,
  now: Tx["now"],
): Promise<readonly Delivery[]> {
  return query
    .selectFrom("deliveries")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("next_attempt_at", "is not", null)
    .where("next_attempt_at", "<=", now)
    .orderBy("next_attempt_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** How long until something is to be sent to a project's endpoint; undefined when nothing waits. */
export async function nextDueInMs(tx: Tx, projectId: string): Promise<number | undefined> {
  const next = await tx.query
    .selectFrom("deliveries")
    .select(sql<number>`next_attempt_at - ${tx.now}`.as("in_ms"))
    .where("project_id", "=", projectId)
    .where("next_attempt_at", "is not", null)
    .orderBy("next_attempt_at")
    .limit(1)
    .executeTakeFirst();
  return next && Math.max(0, next.in_ms);
}

export interface DeliveryFilter {
  readonly projectId: string;
  readonly status: DeliveryStatus | undefined;
  /** Only those before this one. */
  readonly after: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** A project's deliveries, newest first. */
export async function listDeliveries(
  query: Kysely<Schema>,
  { projectId, status, after, limit }: DeliveryFilter,
): Promise<readonly Delivery[]> {
  let rows = query.selectFrom("deliveries").selectAll().where("project_id", "=", projectId);
  if (status !== undefined) rows = rows.where("status", "=", status);
  if (after !== undefined) {
    const { createdAt, id } = after;
    rows = rows.where((e) => e(e.refTuple("created_at", "id"), "<", e.tuple(createdAt, id)));
  }
  return rows.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).execute();
}

/** @throws AppError `not_found` also for one of another project. */
export async function getDelivery(
  query: Kysely<Schema>,
  { projectId, deliveryId }: { readonly projectId: string; readonly deliveryId: string },
): Promise<Delivery> {
  const delivery = await query
    .selectFrom("deliveries")
    .selectAll()
    .where("id", "=", deliveryId)
    .where("project_id", "=", projectId)
    .executeTakeFirst();
  if (!delivery) throw new AppError("not_found", "not found");
  return delivery;
}

function columnsOf(delivery: NewDelivery) {
  return {
    id: delivery.id,
    project_id: delivery.projectId,
    asset_id: delivery.assetId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    url: delivery.url,
    payload: delivery.payload,
    status: "pending",
    attempt: 0,
    next_attempt_at: null,
    response_code: null,
    response_body_preview: null,
    error: null,
    delivered_at: null,
  } as const;
}

/** What still waits is never forgotten, however much there is. */
async function forgetOld(tx: Tx, projectId: string): Promise<void> {
  const oldest = await tx.query
    .selectFrom("deliveries")
    .select(["created_at", "id"])
    .where("project_id", "=", projectId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .offset(deliveriesKept - 1)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return;
  const { created_at: createdAt, id } = oldest;
  await tx.query
    .deleteFrom("deliveries")
    .where("project_id", "=", projectId)
    .where("next_attempt_at", "is", null)
    .where((e) => e(e.refTuple("created_at", "id"), "<", e.tuple(createdAt, id)))
    .execute();
}
