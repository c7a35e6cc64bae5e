import { Elysia, t } from "elysia";
import type { AssetView } from "../../assets/request.ts";
import { AppError } from "../../errors.ts";
import { parseCursor } from "../../events/sse.ts";
import type { EventStreams } from "../../events/stream.ts";
import type { ProxyProject } from "../../projects/proxy-project.ts";
import { eventStreamHeaders } from "../answer/event-stream-headers.ts";
import { bytesOf, errorBody } from "../answer/schemas.ts";
import type { RequestContext } from "../request/context.ts";
import type { ContextOf } from "../request/contexts.ts";
import { corsHeaders, preflightHeaders } from "./proxy-headers.ts";
import { parseProjectKey } from "./proxy-url.ts";

export interface EventRoutesDeps {
  readonly streams: Pick<EventStreams, "open">;
  readonly findProject: (proxyKey: string) => Promise<ProxyProject | undefined>;
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  /** Whether nothing more will be said about the asset. */
  readonly hasEnded: (assetId: string) => Promise<boolean>;
  readonly contextOf: ContextOf;
}

const path = "/v1/:projectKey/events/:assetId";

/** `GET /v1/{projectKey}/events/{assetId}`: what happens to one asset, as server-sent events. */
export function createEventRoutes(deps: EventRoutesDeps) {
  const query = t.Object({
    last_event_id: t.Optional(
      t.String({ description: "`Last-Event-ID`, where no header can be sent" }),
    ),
  });
  const params = t.Object({
    projectKey: t.String({ description: "The project's public key" }),
    assetId: t.String({ description: "From `X-Motioness-Asset-Id`, or the 202's `asset_id`" }),
  });
  const answer = (request: EventsRequest) =>
    answerEvents(deps, request, deps.contextOf(request.request));
  return new Elysia({ name: "events" })
    .get(path, answer, {
      params,
      query,
      response: { 403: errorBody, 404: errorBody, 503: errorBody },
      detail: {
        operationId: "streamPublicAssetEvents",
        summary: "The events of an asset as they happen",
        description: "Resumes behind Last-Event-ID. 204 when there is nothing more to come.",
        tags: ["Assets"],
        responses: {
          200: bytesOf("text/event-stream", "Server-sent events"),
          204: { description: "Nothing more will come." },
        },
      },
    })
    .options(path, () => new Response(null, { status: 204, headers: preflightHeaders }), {
      detail: { hide: true },
    });
}

interface EventsRequest {
  readonly params: { readonly projectKey: string; readonly assetId: string };
  readonly query: { readonly last_event_id?: string | undefined };
  readonly request: Request;
}

async function answerEvents(
  deps: EventRoutesDeps,
  { params, query }: EventsRequest,
  { request, address, neverTimeOut }: RequestContext,
): Promise<Response> {
  const asset = await findAsset(deps, params.projectKey, params.assetId);
  const headers = { ...eventStreamHeaders, ...corsHeaders, "X-Motioness-Asset-Id": asset.id };
  if (request.method === "HEAD") return new Response(null, { headers });
  const body = await deps.streams.open({
    scope: { assetId: asset.id },
    // A browser sends the header when it reconnects; its URL still says where it began.
    cursor: parseCursor(request.headers.get("last-event-id") ?? query.last_event_id),
    address,
    status: statusReader(deps, params.projectKey, asset.id),
  });
  if (!body) return new Response(null, { status: 204, headers: corsHeaders });
  neverTimeOut();
  return new Response(body, { headers });
}

/** @throws AppError `unknown_project_key`; `not_found` also for an asset of another project. */
async function findAsset(deps: EventRoutesDeps, projectKey: string, assetId: string) {
  const project = await deps.findProject(parseProjectKey(projectKey));
  if (!project) throw new AppError("unknown_project_key", "unknown project key");
  const view = /^[0-9a-f]{16}$/.test(assetId) ? await deps.findAssetView(assetId) : undefined;
  if (view?.asset.project_id !== project.id) throw new AppError("not_found", "not found");
  return view.asset;
}

/**
 * Made here and not where the request is answered: a function keeps alive all that its surroundings
 * hold, and a stream of five minutes would hold the whole request, a third of what it costs.
 */
function statusReader(deps: EventRoutesDeps, projectKey: string, assetId: string) {
  return () => statusOf(deps, projectKey, assetId);
}

/** A key that was changed ends the streams that were opened with it. */
async function statusOf(deps: EventRoutesDeps, projectKey: string, assetId: string) {
  const project = await deps.findProject(projectKey);
  const view = project && (await deps.findAssetView(assetId));
  if (!view) return "gone";
  return (await deps.hasEnded(assetId)) ? "ended" : "open";
}
