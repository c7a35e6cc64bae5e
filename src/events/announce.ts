import type { Kysely } from "kysely";
import type { EventRow, Project, Schema } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { enqueue } from "../jobs/queue.ts";
import type { WireEvent } from "./wire-event.ts";

/** What an event is called in messages to subscribers. Those without a row are not announced. */
export const announcedAs = {
  queued: "asset.queued",
  vision_completed: "asset.stage_completed",
  stage_completed: "asset.stage_completed",
  r2_write_completed: "asset.stage_completed",
  ready: "asset.completed",
  failed: "asset.failed",
  retry_scheduled: "asset.retry_scheduled",
} as const satisfies Partial<Record<WireEvent, string>>;

export type Announcement = (typeof announcedAs)[keyof typeof announcedAs];

/** Everything that can be subscribed to. */
export const announcements: readonly Announcement[] = [
  "asset.queued",
  "asset.stage_completed",
  "asset.completed",
  "asset.failed",
  "asset.retry_scheduled",
];

/** The job kind that makes messages of an event, its subject by `event_id`. */
export const fanOutJob = "fan_out";

/** The columns that say who is told of a project's events. */
export const subscriptionColumns = [
  "deleted_at",
  "webhook_url",
  "webhook_events",
  "webhooks_enabled",
] as const;

export type Subscription = Pick<Project, (typeof subscriptionColumns)[number]>;

/** Has an event announced, where somebody wants to hear of it, once this transaction commits. */
export async function announce(tx: Tx, event: EventRow, project: Subscription): Promise<void> {
  if (announcementFor(event.type, project) === undefined) return;
  await enqueue(tx, { kind: fanOutJob, subject: event.event_id });
}

/** What the project's subscriber calls an event, or undefined when nobody is to be told of it. */
export function announcementFor(type: string, project: Subscription): Announcement | undefined {
  const { deleted_at: deletedAt, webhook_url: url, webhooks_enabled: isEnabled } = project;
  if (deletedAt !== null || url === null || isEnabled === 0) return undefined;
  const name = (announcedAs as Readonly<Record<string, Announcement | undefined>>)[type];
  if (name === undefined) return undefined;
  return (JSON.parse(project.webhook_events) as string[]).includes(name) ? name : undefined;
}

/** Whether messages of an asset's events are yet to be made. Looks at the few that wait at all. */
export async function isAnnouncing(query: Kysely<Schema>, assetId: string): Promise<boolean> {
  const waiting = await query
    .selectFrom("jobs")
    .select("jobs.id")
    .where("jobs.kind", "=", fanOutJob)
    .where((e) =>
      e.exists(
        e
          .selectFrom("events")
          .select("events.id")
          .whereRef("events.event_id", "=", "jobs.subject")
          .where("events.asset_id", "=", assetId),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined;
}
