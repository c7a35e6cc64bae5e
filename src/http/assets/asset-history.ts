import { Elysia, t } from "elysia";
import { getAssetFor } from "../../assets/access.ts";
import { timelineOf } from "../../assets/timeline.ts";
import { listGenerations } from "../../assets/versions.ts";
import type { Store } from "../../db/store.ts";
import { readEvents } from "../../events/log.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { errorBody, queryInteger } from "../answer/schemas.ts";
import { describeEvent } from "./asset-json.ts";
import { assetEvent, assetParams, timelineBody } from "./asset-schemas.ts";

export interface AssetHistoryDeps {
  readonly store: Store;
}

const errors = Object.fromEntries([400, 401, 403, 404, 429].map((s) => [s, errorBody]));
/** Events that a timeline is made of: more than any asset has. */
const timelineEventsMax = 5000;

/** What happened to an asset: its events as JSON, and how long its stages took. */
export function createAssetHistoryRoutes(deps: AssetHistoryDeps, signedIn: SignedIn) {
  return new Elysia({ name: "asset-history", normalize: false })
    .use(signedIn)
    .get(
      "/api/assets/:id/history",
      ({ caller, params, query }) => readHistory(deps, { ...query, ...caller, assetId: params.id }),
      {
        params: assetParams,
        query: t.Object(
          {
            after: t.Optional(
              queryInteger("after", {
                minimum: 0,
                maximum: Number.MAX_SAFE_INTEGER,
                description: "An event's id",
              }),
            ),
            limit: t.Optional(
              queryInteger("limit", {
                minimum: 1,
                maximum: 500,
                description: "100 when not given",
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: t.Object({
            events: t.Array(assetEvent),
            next_after: t.Nullable(t.Number({ description: "Null when there is no more" })),
          }),
          ...errors,
        },
        detail: {
          operationId: "listAssetEvents",
          summary: "The events of an asset, oldest first",
          description: "The ids are those of the event streams.",
          tags: ["Assets"],
        },
      },
    )
    .get(
      "/api/assets/:id/timeline",
      ({ caller, params }) => readTimeline(deps, { assetId: params.id, userId: caller.userId }),
      {
        params: assetParams,
        response: { 200: timelineBody, ...errors },
        detail: {
          operationId: "getAssetTimeline",
          summary: "How long each stage of an asset took",
          description: "Generations are newest first, stages in the order in which they began.",
          tags: ["Assets"],
        },
      },
    );
}

interface Who {
  readonly assetId: string;
  readonly userId: string;
}

interface HistoryRequest extends Who {
  readonly after?: number;
  readonly limit?: number;
}

async function readHistory({ store }: AssetHistoryDeps, request: HistoryRequest) {
  await getAssetFor(store.read, request, "viewer");
  const { assetId, after = 0, limit = 100 } = request;
  const rows = await readEvents(store.read, { assetId }, { after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return {
    events: shown.map(describeEvent),
    next_after: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

async function readTimeline({ store }: AssetHistoryDeps, who: Who) {
  await getAssetFor(store.read, who, "viewer");
  const range = { after: 0, limit: timelineEventsMax };
  const spans = timelineOf(await readEvents(store.read, { assetId: who.assetId }, range));
  const generations = await listGenerations(store.read, who.assetId);
  const numberOf = new Map(generations.map(({ id, number }) => [id, number]));
  return {
    generations: spans.map(({ generationId, queuedAtMs, endedAtMs, status, stages }) => ({
      generation_id: generationId,
      attempt_no: numberOf.get(generationId) ?? 0,
      status,
      queued_at: queuedAtMs,
      ended_at: endedAtMs ?? null,
      total_ms: endedAtMs === undefined ? null : endedAtMs - queuedAtMs,
      stages: stages.map((stage) => ({
        stage: stage.stage,
        started_at: stage.startedAtMs,
        ended_at: stage.endedAtMs ?? null,
        duration_ms: stage.endedAtMs === undefined ? null : stage.endedAtMs - stage.startedAtMs,
        attempts: stage.attempts,
        status: stage.status,
      })),
    })),
  };
}
