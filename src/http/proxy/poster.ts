import type { AssetView } from "../../assets/request.ts";
import { AppError } from "../../errors.ts";
import { createMediaResponder, type Media } from "../answer/media-response.ts";
import type { RequestContext } from "../request/context.ts";
import type { Poster } from "./poster-cache.ts";
import type { Posters } from "./posters.ts";
import { cacheHeaders, corsHeaders, stageOf } from "./proxy-headers.ts";
import { rememberAnswer } from "./remember-answer.ts";
import type { ProxyReading } from "./resolve.ts";
import { type VersionDeps, viewOfVersion } from "./version.ts";

export interface PosterDeps extends VersionDeps {
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  readonly posters: Posters;
  readonly clock: { now(): number };
}

/**
 * Answers a `.jpg` URL, at once and without starting anything: the poster of the clip when there
 * is one, else the source as the clip will show it. A failed asset still has its source.
 * @throws AppError as `Posters.find`.
 */
export async function answerPoster(
  deps: PosterDeps,
  proxied: ProxyReading,
  request: Request,
  { requestId }: RequestContext,
): Promise<Response> {
  const found = await deps.findAssetView(proxied.assetId);
  const view = found && (await viewOfVersion(deps, found, proxied.url.options.v));
  const poster = await deps.posters.find(proxied, view);
  const responder = createMediaResponder(posterMedia(deps, proxied, view, poster), deps.clock);
  rememberAnswer(proxied, request, (next, nextId) =>
    deps.posters.held(poster.key) ? responder(next, nextId) : undefined,
  );
  return responder(request, requestId);
}

function posterMedia(
  { posters }: PosterDeps,
  { assetId, url }: ProxyReading,
  view: AssetView | undefined,
  { key, etag, madeMs, blob }: Poster,
): Media {
  const { v: version } = url.options;
  return {
    representation: { etag, lastModifiedMs: madeMs, sizeBytes: blob.size },
    headers: {
      "Content-Type": "image/jpeg",
      ...cacheHeaders(assetId, version !== undefined && version === view?.current?.number),
      "X-Content-Type-Options": "nosniff",
      "X-Motioness-Asset-Id": assetId,
      ...(view ? { "X-Motioness-Stage": stageOf(view) } : {}),
      ...corsHeaders,
    },
    open(range) {
      // By its key, so that a remembered URL does not keep the bytes beyond the cache's budget.
      const held = posters.held(key)?.blob;
      if (!held) throw new AppError("unavailable", "the poster is being made; try again");
      return range ? held.slice(range.start, range.end + 1) : held;
    },
  };
}
