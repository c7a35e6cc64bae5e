import { AppError } from "../../errors.ts";
import { withUpgradeUrl } from "../answer/limit-refusal.ts";
import type { RequestContext } from "../request/context.ts";
import { answerClip, type ClipDeps } from "./clip.ts";
import type { Hot } from "./hot.ts";
import { answerPoster, type PosterDeps } from "./poster.ts";
import { preflightHeaders } from "./proxy-headers.ts";
import { formats } from "./proxy-url.ts";
import { answerRendition, type RenditionDeps, renditionFormatOf } from "./rendition.ts";
import { type ProxyReading, type ResolveDeps, resolveProxyRequest } from "./resolve.ts";

export interface ProxyDeps extends ClipDeps, PosterDeps, RenditionDeps, ResolveDeps {
  readonly hot: Hot;
  /** Shown to who has reached a limit, when there is one. */
  readonly upgradeUrl: string | undefined;
}

/** Whether a request target is a proxy URL, and no event stream. */
export function isProxyTarget(target: string): boolean {
  if (!target.startsWith("/v1/")) return false;
  const path = target.replace(/[?#].*/s, "");
  return (
    !/^\/v1\/[^/]*\/events\/[^/]*$/.test(path) ||
    formats.some((format) => path.endsWith(`.${format}`))
  );
}

/** Answers a proxy URL that the hot path did not know, with a refusal where need be. */
export async function answerProxy(
  deps: ProxyDeps,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const { method, headers } = request;
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: preflightHeaders });
  if (method !== "GET" && method !== "HEAD") {
    const error = new AppError("method_not_allowed", `${method} is not allowed here`);
    return context.refuse(error, { headers: { Allow: "GET, HEAD, OPTIONS" } });
  }
  return deps.hot.read(async (reading) => {
    const proxied = await resolveProxyRequest(deps, context.target, headers);
    return answerResolved(deps, { ...proxied, reading }, request, context);
  });
}

async function answerResolved(
  deps: ProxyDeps,
  proxied: ProxyReading,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const rendition = renditionFormatOf(proxied.url);
  try {
    if (rendition) return await answerRendition(deps, proxied, rendition, request, context);
    return proxied.url.format === "mp4"
      ? await answerClip(deps, proxied, request, context)
      : await answerPoster(deps, proxied, request, context);
  } catch (thrown) {
    return context.refuse(withUpgradeUrl(thrown, deps.upgradeUrl), {
      headers: { "X-Motioness-Asset-Id": proxied.assetId },
    });
  }
}
