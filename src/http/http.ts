import { type KeyRing, openKeyRing } from "../accounts/key-ring.ts";
import { hasEnded } from "../assets/store.ts";
import { findVersion } from "../assets/versions.ts";
import { AppError, toAppError } from "../errors.ts";
import { openEventStreams } from "../events/stream.ts";
import { createSealer } from "../projects/seal.ts";
import { createBodies } from "./answer/bodies.ts";
import { errorResponse } from "./answer/error-response.ts";
import type { HttpDeps } from "./deps.ts";
import { createEntrance } from "./entrance.ts";
import { createGuard, type Guard } from "./guard.ts";
import { type Connections, type Handlers, openListener, type Place } from "./listen.ts";
import { type Hot, type HotCounts, openHot } from "./proxy/hot.ts";
import { createPosters } from "./proxy/posters.ts";
import { answerProxy, isProxyTarget, type ProxyDeps } from "./proxy/proxy.ts";
import { corsHeaders } from "./proxy/proxy-headers.ts";
import { openWaits } from "./proxy/waits.ts";
import { createClientAddress } from "./request/client-address.ts";
import { createContexts } from "./request/contexts.ts";
import { createRequestIds, type RequestIds } from "./request/request-id.ts";
import { routable, targetOf, withoutBody } from "./request/target.ts";
import { createRoutes } from "./routes.ts";

export interface Http {
  /** The public URL: as configured, or the listener's. No slash at the end. */
  readonly baseUrl: string;
  /** As this machine reaches it. */
  readonly url: string;
  /** Undefined on a socket file. */
  readonly port: number | undefined;
  /** Only browsers of this machine can reach it. */
  readonly isLoopback: boolean;
  /** What was answered from memory, and so stands in no log. */
  readonly hotCounts: () => HotCounts;
  readonly streamCount: () => number;
  /** Ends the event streams first, for they would never end by themselves; then stops. */
  close(): Promise<void>;
}

/** Larger objects are copied to the network by the kernel, straight from their files. */
const objectBytesMax = 1_000_000;
const objectsMax = 10_000;

/**
 * Opens the front door. The proxy URL is answered here: from memory when it can be, else in full;
 * every other route goes through the framework.
 * @throws AppError `invalid_config` when the address cannot be listened on.
 */
export async function openHttp(deps: HttpDeps): Promise<Http> {
  const { clock, config, store } = deps;
  const requestIds = createRequestIds(deps.random() * 2 ** 32);
  const hot = openHot({ store, clock, requestIds });
  const waits = openWaits({ store, clock });
  const streams = openEventStreams(deps);
  const keyRing = openKeyRing(deps);
  const opened = { hot, waits, streams, requestIds, keyRing };
  const release = () => {
    hot.close();
    waits.close();
    streams.close();
  };
  const listener = await openListener(config.listen, (place) =>
    createHandlers(deps, opened, place),
  ).catch((thrown) => {
    release();
    throw thrown;
  });
  return {
    baseUrl: config.baseUrl ?? listener.url,
    url: listener.url,
    port: listener.port,
    isLoopback: listener.isLoopback,
    hotCounts: hot.counts,
    streamCount: () => streams.count,
    async close() {
      release();
      await listener.close();
      await keyRing.close();
    },
  };
}

interface Opened {
  readonly hot: Hot;
  readonly waits: ReturnType<typeof openWaits>;
  readonly streams: ReturnType<typeof openEventStreams>;
  readonly requestIds: RequestIds;
  readonly keyRing: KeyRing;
}

function createHandlers(deps: HttpDeps, opened: Opened, place: Place): Handlers {
  const { hot, requestIds } = opened;
  const clientAddress = createClientAddress(deps.config.trustedProxies);
  const guard = createGuard({ ...deps, requestIds, clientAddress });
  const answer = createAnswer(deps, opened, place, guard);
  return {
    handle: (request, connections) => hot.answer(request) ?? answer(request, connections),
    // What the hot path throws, and what goes wrong after an answer was begun.
    onError(error) {
      const requestId = requestIds.of(new Headers());
      deps.log.error("request_failed", { request_id: requestId, error });
      return errorResponse(inOurTerms(error), requestId, { headers: corsHeaders });
    },
  };
}

/** A file that went away after its body was chosen is found out only when it is sent. */
function inOurTerms(error: Error): AppError {
  if (!("code" in error) || error.code !== "ENOENT") return toAppError(error);
  return new AppError("unavailable", "the stored media is missing; try again later");
}

/** Whether a page of any site may load it, and read what it is refused with. */
function isForAnyPage(target: string): boolean {
  return /^\/(v1|r2|uploads)\//.test(target);
}

/** The full path, for what the hot path does not know. */
function createAnswer(deps: HttpDeps, opened: Opened, place: Place, guard: Guard) {
  const baseUrl = deps.config.baseUrl ?? place.url;
  const basePath = new URL(baseUrl).pathname.replace(/\/$/, "");
  const bodies = createBodies(deps.storage, {
    bytesMax: deps.config.bodyCacheBytesMax,
    objectBytesMax,
    objectsMax,
  });
  const contexts = createContexts();
  const { upgradeUrl } = deps.config;
  const shared = {
    ...deps,
    ...opened,
    baseUrl,
    bodies,
    contextOf: contexts.of,
    findVersion: (assetId: string, number: number) => findVersion(deps.store.read, assetId, number),
  };
  const proxy: ProxyDeps = { ...shared, posters: createPosters(deps), upgradeUrl };
  const entrance = createEntrance({ ...shared, place });
  const { access } = entrance;
  const createId = () => Bun.randomUUIDv7();
  const projects = { ...shared, sealer: createSealer(deps.secret), createId };
  const ended = (assetId: string) => hasEnded(deps.store.read, assetId);
  const route = createRoutes({
    contextOf: contexts.of,
    reference: shared,
    signedIn: entrance,
    accounts: { ...shared, ...entrance, accounts: deps.config.accounts },
    projects,
    webhooks: projects,
    health: shared,
    files: shared,
    events: { ...shared, hasEnded: ended },
    page: { ...deps.page, access },
    demo: { ...shared, access },
    assets: {
      ...shared,
      ...entrance,
      upgradeUrl,
      uploadLimits: deps.config.uploads,
      hasEnded: ended,
      createId,
    },
  });
  return (request: Request, connections: Connections): Promise<Response> => {
    const target = targetOf(request.url, basePath);
    const isProxy = isProxyTarget(target);
    const headers = isForAnyPage(target) ? corsHeaders : {};
    return guard({ request, target, connections, headers }, async (context) => {
      if (isProxy) return answerProxy(proxy, request, context);
      const routed = routable(request, target);
      contexts.set(routed, context);
      const response = await route(routed);
      return request.method === "HEAD" ? withoutBody(response) : response;
    });
  };
}
