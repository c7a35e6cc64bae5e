import { isWorking, parseState, type WireStage, wire } from "../../assets/lifecycle.ts";
import type { AssetView } from "../../assets/request.ts";

/** On every answer of a proxy URL: any page may embed a clip, and its scripts may read these. */
export const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": [
    "X-Request-Id",
    "X-Motioness-Asset-Id",
    "X-Motioness-Stage",
    "X-Motioness-Eta-Ms",
    "X-Motioness-Loop",
    "X-Motioness-Preview",
    "Retry-After",
    "ETag",
    "Accept-Ranges",
    "Content-Range",
  ].join(", "),
} as const;

/** Answers a preflight. The proxy URL reads no credentials, so nothing more is asked. */
export const preflightHeaders = {
  ...corsHeaders,
  "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
  "Access-Control-Allow-Headers": [
    "Range",
    "If-Range",
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "Idempotency-Key",
    "X-Request-Id",
    "Last-Event-ID",
    "Cache-Control",
  ].join(", "),
  "Access-Control-Max-Age": "86400",
} as const;

/**
 * How long an answer may be kept. Browsers ask again after five minutes, shared caches when they
 * are purged by the asset's tag; an address that names its generation never changes.
 */
export function cacheHeaders(assetId: string, isVersioned: boolean): Record<string, string> {
  return {
    "Cache-Control": isVersioned
      ? "public, max-age=31536000, immutable"
      : "public, max-age=300, s-maxage=31536000, stale-while-revalidate=86400",
    "Cache-Tag": assetId,
    "Surrogate-Key": assetId,
    // The header names another asset than the URL alone does.
    Vary: "Idempotency-Key",
  };
}

/** What a step of the work is called in `X-Motioness-Stage`. */
export function stageOf(view: AssetView): WireStage {
  if (view.current) return "ready";
  const state = parseState(view.newest.state);
  return state && isWorking(state) ? wire[state].header : "queued";
}
