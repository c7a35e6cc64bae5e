import type { EnsureAsset } from "../../assets/ensure.ts";
import type { AssetView } from "../../assets/request.ts";
import type { Bodies } from "../answer/bodies.ts";
import { createMediaResponder, type Responder } from "../answer/media-response.ts";
import type { RequestContext } from "../request/context.ts";
import { clipMedia } from "./asset-media.ts";
import {
  createPendingResponder,
  isPending,
  lastGenerationFailed,
  type PendingDeps,
} from "./clip-answer.ts";
import type { Posters } from "./posters.ts";
import { isToldPlainly, rememberAnswer } from "./remember-answer.ts";
import type { ProxyReading } from "./resolve.ts";
import { standIn, wantsPoster } from "./stand-in.ts";
import { type VersionDeps, viewOfVersion } from "./version.ts";
import type { Waits } from "./waits.ts";

export interface ClipDeps extends PendingDeps, VersionDeps {
  readonly ensureAsset: EnsureAsset;
  readonly bodies: Bodies;
  readonly waits: Waits;
  readonly posters: Posters;
}

/** What one look at an asset led to. */
interface Seen {
  readonly view: AssetView;
  readonly responder: Responder;
}

/**
 * Answers an `.mp4` URL: the clip when there is one, else 202 after the work was started. The
 * first request for an asset starts it and pays for it; a failed asset is not tried again.
 * @throws AppError `last_generation_failed`, `limit_reached`, `unavailable`.
 */
export async function answerClip(
  deps: ClipDeps,
  proxied: ProxyReading,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const { view, responder } = await deps.waits.until({
    topic: `asset:${proxied.assetId}`,
    timeoutMs: proxied.url.options.wait_ms ?? 0,
    signal: request.signal,
    look: () => look(deps, proxied, request, context),
    isDone: (seen) => !isPending(seen.view),
  });
  if (!view.current && !isPending(view)) throw lastGenerationFailed(proxied.assetId);
  if (!view.current && wantsPoster(proxied, request)) {
    return standIn(deps, proxied, view, context);
  }
  return responder(request, context.requestId);
}

/** Reads the asset, starts it when it is new, and remembers the answer where one can be. */
async function look(
  deps: ClipDeps,
  proxied: ProxyReading,
  request: Request,
  { requestId }: RequestContext,
): Promise<Seen> {
  const { options } = proxied.url;
  const ensured = await deps.ensureAsset(proxied.asset, { requestId });
  const view = await viewOfVersion(deps, ensured, options.v);
  const { asset, current } = view;
  const served = current && { asset, generation: current, version: options.v };
  const responder = served
    ? createMediaResponder(clipMedia(deps.bodies, served), deps.clock)
    : createPendingResponder(deps, view);
  const isRepeatable = served || (isPending(view) && isToldPlainly(proxied));
  if (isRepeatable) rememberAnswer(proxied, request, responder);
  return { view, responder };
}
