import type { AssetView } from "../../assets/request.ts";
import type { RequestContext } from "../request/context.ts";
import type { Posters } from "./posters.ts";
import { corsHeaders, stageOf } from "./proxy-headers.ts";
import type { ProxyRequest } from "./resolve.ts";

/** How a request is answered while what it asks for is made. */
export function pendingMode({ url, project }: ProxyRequest) {
  return url.options.pending ?? project.pendingMode;
}

/** An `<img>`, or a fetch that prefers a picture: a video element or a script can wait. */
export function wantsPoster(proxied: ProxyRequest, { headers }: Request): boolean {
  if (pendingMode(proxied) !== "poster") return false;
  const destination = headers.get("sec-fetch-dest");
  if (destination !== null && destination !== "empty") return destination === "image";
  return (headers.get("accept") ?? "").trimStart().startsWith("image/");
}

/** The poster in place of what is being made: never cached, and without an entity tag. */
export async function standIn(
  deps: { readonly posters: Posters },
  proxied: ProxyRequest,
  view: AssetView,
  { requestId }: RequestContext,
): Promise<Response> {
  const { blob } = await deps.posters.find(proxied, view);
  return new Response(blob, {
    headers: {
      "Content-Type": "image/jpeg",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "X-Motioness-Asset-Id": proxied.assetId,
      "X-Motioness-Stage": stageOf(view),
      "X-Request-Id": requestId,
      ...corsHeaders,
    },
  });
}
