import { Elysia, t } from "elysia";
import { getAssetFor } from "../../assets/access.ts";
import type { AssetView } from "../../assets/request.ts";
import type { Store } from "../../db/store.ts";
import { newestEventId } from "../../events/log.ts";
import { parseCursor } from "../../events/sse.ts";
import type { EventStreams, StreamRequest } from "../../events/stream.ts";
import { getProjectFor } from "../../projects/roles.ts";
import type { Authenticate, SignedIn } from "../access/signed-in.ts";
import { eventStreamHeaders } from "../answer/event-stream-headers.ts";
import { bytesOf, errorBody } from "../answer/schemas.ts";
import type { RequestContext } from "../request/context.ts";
import { assetParams, projectParams } from "./asset-schemas.ts";

export interface LiveDeps {
  readonly store: Store;
  readonly streams: Pick<EventStreams, "open">;
  readonly authenticate: Authenticate;
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  /** Whether nothing more will be said about the asset. */
  readonly hasEnded: (assetId: string) => Promise<boolean>;
}

const query = t.Object({
  last_event_id: t.Optional(
    t.String({ description: "`Last-Event-ID`, where no header can be sent" }),
  ),
});
const responses = {
  response: Object.fromEntries([401, 403, 404, 429, 503].map((status) => [status, errorBody])),
};
const answers = {
  200: bytesOf("text/event-stream", "Server-sent events"),
  204: { description: "Nothing more will come: do not connect again" },
};

/** The event streams of who is signed in: of one asset, and of a whole project. */
export function createLiveRoutes(deps: LiveDeps, signedIn: SignedIn) {
  return new Elysia({ name: "live", normalize: false })
    .use(signedIn)
    .get(
      "/api/assets/:id/events",
      ({ caller, context, params, query: { last_event_id: last } }) =>
        answerAsset(deps, context, { assetId: params.id, userId: caller.userId }, last),
      {
        params: assetParams,
        query,
        ...responses,
        detail: {
          operationId: "streamAssetEvents",
          summary: "The events of an asset as they happen, for its members",
          description:
            "All of them without a cursor; resumes behind Last-Event-ID. 204 at the end.",
          tags: ["Assets"],
          responses: answers,
        },
      },
    )
    .get(
      "/api/projects/:id/activity",
      ({ caller, context, params, query: { last_event_id: last } }) =>
        answerProject(deps, context, { projectId: params.id, userId: caller.userId }, last),
      {
        params: projectParams,
        query,
        ...responses,
        detail: {
          operationId: "streamProjectActivity",
          summary: "The events of all assets of a project as they happen",
          description:
            "Only what happens from now on without a cursor; with one, everything behind it.",
          tags: ["Projects"],
          responses: answers,
        },
      },
    );
}

async function answerAsset(
  deps: LiveDeps,
  context: RequestContext,
  who: { readonly assetId: string; readonly userId: string },
  last: string | undefined,
): Promise<Response> {
  const { store, authenticate } = deps;
  await getAssetFor(store.read, who, "viewer");
  const { request } = context;
  return stream(deps, context, {
    scope: { assetId: who.assetId },
    cursor: cursorOf(request, last),
    address: context.address,
    async status() {
      if (!(await deps.findAssetView(who.assetId))) return "gone";
      return (await deps.hasEnded(who.assetId)) ? "ended" : "open";
    },
    mayRead: async () => {
      const { userId } = await authenticate(request, "read");
      await getAssetFor(store.read, { ...who, userId }, "viewer");
      return userId === who.userId;
    },
  });
}

async function answerProject(
  deps: LiveDeps,
  context: RequestContext,
  who: { readonly projectId: string; readonly userId: string },
  last: string | undefined,
): Promise<Response> {
  const { store, authenticate } = deps;
  await getProjectFor(store.read, who, "viewer");
  const { request } = context;
  const scope = { projectId: who.projectId };
  return stream(deps, context, {
    scope,
    cursor: cursorOf(request, last) ?? (await newestEventId(store.read, scope)),
    address: context.address,
    tellsCursor: true,
    status: async () => ((await isThere(store, who.projectId)) ? "open" : "gone"),
    mayRead: async () => {
      const { userId } = await authenticate(request, "read");
      await getProjectFor(store.read, { ...who, userId }, "viewer");
      return userId === who.userId;
    },
  });
}

async function stream(
  { streams }: LiveDeps,
  { request, neverTimeOut }: RequestContext,
  asked: StreamRequest,
): Promise<Response> {
  const { scope } = asked;
  const headers = {
    ...eventStreamHeaders,
    ...("assetId" in scope ? { "X-Motioness-Asset-Id": scope.assetId } : {}),
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const body = await streams.open(asked);
  if (!body) return new Response(null, { status: 204 });
  neverTimeOut();
  return new Response(body, { headers });
}

/** A browser sends the header when it reconnects; its URL still says where it began. */
function cursorOf({ headers }: Request, last: string | undefined): number | undefined {
  return parseCursor(headers.get("last-event-id") ?? last);
}

async function isThere({ read }: Store, projectId: string): Promise<boolean> {
  const found = await read
    .selectFrom("projects")
    .select("id")
    .where("id", "=", projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return found !== undefined;
}
