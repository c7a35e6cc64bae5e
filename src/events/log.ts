import { type Kysely, sql } from "kysely";
import { ulid } from "ulid";
import type { EventRow, Schema } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { announce, subscriptionColumns } from "./announce.ts";
import type { EventPayload, WireEvent } from "./wire-event.ts";

export interface NewEvent {
  readonly projectId: string;
  readonly assetId: string | null;
  readonly generationId: string | null;
  readonly type: WireEvent;
  readonly payload: EventPayload;
}

/** Whose events: those of one asset, or all of a project. Both streams share their ids. */
export type EventScope = { readonly assetId: string } | { readonly projectId: string };

/**
 * Appends an event in the caller's transaction, wakes the readers of its asset and project, and
 * has it announced to whoever subscribed to it.
 * Its id is the present in milliseconds, or one more than the project's last where that is not
 * less: no two of a project are equal, whatever the clock does. The update that makes it holds the
 * project's row until the commit, so that ids become visible in their order and a reader following
 * `id > cursor` never misses one.
 * @throws AppError `not_found` when the project does not exist.
 */
export async function append(tx: Tx, event: NewEvent): Promise<EventRow> {
  const project = await tx.query
    .updateTable("projects")
    .set({
      last_event_id: sql<number>`case when last_event_id >= ${tx.now}
        then last_event_id + 1 else ${tx.now} end`,
    })
    .where("id", "=", event.projectId)
    .returning(["last_event_id", ...subscriptionColumns, tx.now.as("now")])
    .executeTakeFirst();
  if (!project) throw new AppError("not_found", "Project not found");
  const row = await tx.query
    .insertInto("events")
    .values({
      project_id: event.projectId,
      id: project.last_event_id,
      event_id: `evt_${ulid(project.now)}`,
      asset_id: event.assetId,
      generation_id: event.generationId,
      type: event.type,
      payload: JSON.stringify(event.payload),
      created_at: project.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await announce(tx, row, project);
  if (event.assetId !== null) tx.wake(`asset:${event.assetId}`);
  tx.wake(`project:${event.projectId}`);
  return row;
}

/** The events after `after` (an id; 0 for all), oldest first. */
export async function readEvents(
  query: Kysely<Schema>,
  scope: EventScope,
  range: { readonly after: number; readonly limit: number },
): Promise<EventRow[]> {
  const rows = query.selectFrom("events").selectAll();
  const ofScope =
    "assetId" in scope
      ? rows.where("asset_id", "=", scope.assetId)
      : rows.where("project_id", "=", scope.projectId);
  return ofScope.where("id", ">", range.after).orderBy("id").limit(range.limit).execute();
}

/** The id of the newest event, or 0 when there is none. */
export async function newestEventId(query: Kysely<Schema>, scope: EventScope): Promise<number> {
  const rows = query.selectFrom("events").select("id");
  const ofScope =
    "assetId" in scope
      ? rows.where("asset_id", "=", scope.assetId)
      : rows.where("project_id", "=", scope.projectId);
  const newest = await ofScope.orderBy("id", "desc").limit(1).executeTakeFirst();
  return newest?.id ?? 0;
}
