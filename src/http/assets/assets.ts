import { Elysia, t } from "elysia";
import { getAssetFor } from "../../assets/access.ts";
import { listAssets } from "../../assets/list.ts";
import { encodePlace } from "../../assets/page.ts";
import { reconcileGeneration } from "../../assets/reconcile.ts";
import { listGenerations } from "../../assets/versions.ts";
import type { Store } from "../../db/store.ts";
import type { Log } from "../../log.ts";
import { getProjectFor } from "../../projects/roles.ts";
import { modes } from "../../scene/plan.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { nextCursor, pageQuery, placeOf } from "../answer/page-query.ts";
import { errorBody, oneOf, queryInteger } from "../answer/schemas.ts";
import { describeAsset, describeGeneration } from "./asset-json.ts";
import {
  assetBody,
  assetParams,
  generationBody,
  limitDefault,
  projectParams,
  statuses,
} from "./asset-schemas.ts";

export interface AssetRoutesDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly baseUrl: string;
}

const errors = Object.fromEntries([400, 401, 403, 404, 429].map((s) => [s, errorBody]));
const millis = (field: string) =>
  t.Optional(queryInteger(field, { minimum: 0, maximum: 8.64e15, description: "Unix ms" }));

/** What can be read of assets: one with its generations, and a project's list. */
export function createAssetRoutes(deps: AssetRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "assets", normalize: false })
    .use(signedIn)
    .get(
      "/api/assets/:id",
      ({ caller, params }) => readAsset(deps, { assetId: params.id, userId: caller.userId }),
      {
        params: assetParams,
        response: {
          200: t.Object({ asset: assetBody, generations: t.Array(generationBody) }),
          ...errors,
        },
        detail: {
          operationId: "getAsset",
          summary: "An asset with its generations, newest first",
          description:
            "Of an asset that is pending for more than 25 seconds the work is looked after.",
          tags: ["Assets"],
        },
      },
    )
    .get(
      "/api/projects/:id/assets",
      ({ caller, params, query }) => readList(deps, { ...query, ...caller, projectId: params.id }),
      {
        params: projectParams,
        query: t.Object(
          {
            status: t.Optional(oneOf(statuses, { description: "Only those of this status" })),
            mode: t.Optional(oneOf(modes, { description: "Only those of this mode" })),
            from: millis("from"),
            to: millis("to"),
            ...pageQuery(limitDefault),
          },
          { additionalProperties: false },
        ),
        response: {
          200: t.Object({ assets: t.Array(assetBody), next_cursor: nextCursor }),
          ...errors,
        },
        detail: {
          operationId: "listAssets",
          summary: "A project's assets, newest first",
          description: "`from` is included and `to` is not; both are times of creation.",
          tags: ["Assets"],
        },
      },
    );
}

interface Who {
  readonly assetId: string;
  readonly userId: string;
}

async function readAsset(deps: AssetRoutesDeps, who: Who) {
  const view = await getAssetFor(deps.store.read, who, "viewer");
  // What is read is as it was; the work that this sets going is seen by the next read.
  await reconcileGeneration(deps, view.newest).catch((error) => {
    deps.log.warn("reconcile_failed", { asset: who.assetId, error });
  });
  const generations = await listGenerations(deps.store.read, who.assetId);
  return {
    asset: describeAsset(deps.baseUrl, view),
    generations: generations.map((row) => describeGeneration(deps.baseUrl, view.asset, row)),
  };
}

interface ListRequest {
  readonly projectId: string;
  readonly userId: string;
  readonly status?: string;
  readonly mode?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

async function readList({ store, baseUrl }: AssetRoutesDeps, request: ListRequest) {
  await getProjectFor(store.read, request, "viewer");
  const after = placeOf(request.cursor);
  const limit = request.limit ?? limitDefault;
  const views = await listAssets(store.read, {
    projectId: request.projectId,
    status: request.status,
    mode: request.mode,
    fromMs: request.from,
    toMs: request.to,
    after,
    limit: limit + 1,
  });
  const shown = views.slice(0, limit);
  const last = shown.at(-1)?.asset;
  return {
    assets: shown.map((view) => describeAsset(baseUrl, view)),
    next_cursor:
      last && views.length > limit
        ? encodePlace({ createdAt: last.created_at, id: last.id })
        : null,
  };
}
