import { isTerminal, type WireStage } from "../../assets/lifecycle.ts";
import type { AssetView } from "../../assets/request.ts";
import { AppError } from "../../errors.ts";
import { retryAfterSeconds } from "../answer/error-response.ts";
import type { Responder } from "../answer/media-response.ts";
import { corsHeaders, stageOf } from "./proxy-headers.ts";

/** Whether a clip is still to come: none is there yet, and the work goes on. */
export function isPending(view: AssetView): boolean {
  return !view.current && !isTerminal(view.newest.state);
}

/** What a request is told while its clip is made. */
export interface PendingDeps {
  readonly clock: { now(): number };
  /** Milliseconds until the clip is expected, at least a second. */
  readonly etaMs: (view: AssetView) => number;
}

/**
 * Answers 202 for as long as the asset stays as `view` shows it. The estimate shrinks by whole
 * seconds, so body and headers are made once a second, however many ask.
 */
export function createPendingResponder(
  deps: PendingDeps,
  view: AssetView,
  stage = stageOf(view),
): Responder {
  let made = makePending(deps, view, stage);
  return (_request, requestId) => {
    if (deps.clock.now() >= made.untilMs) made = makePending(deps, view, stage);
    made.init.headers.set("X-Request-Id", requestId);
    return new Response(made.body, made.init);
  };
}

function makePending({ clock, etaMs }: PendingDeps, view: AssetView, stage: WireStage) {
  const assetId = view.asset.id;
  const remainingMs = etaMs(view);
  const etaSeconds = Math.max(1, Math.ceil(remainingMs / 1000));
  const headers = new Headers({
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Retry-After": String(retryAfterSeconds(etaSeconds * 1000)),
    "X-Motioness-Asset-Id": assetId,
    "X-Motioness-Stage": stage,
    "X-Motioness-Eta-Ms": String(etaSeconds * 1000),
    ...corsHeaders,
  });
  return {
    body: JSON.stringify({ status: "pending", asset_id: assetId, eta_seconds: etaSeconds }),
    init: { status: 202, headers },
    // When the rounded estimate changes next, or a second from now while it is at its floor.
    untilMs: clock.now() + ((remainingMs - 1) % 1000) + 1,
  };
}

/** The refusal of an asset whose last generation failed for good and which has no older clip. */
export function lastGenerationFailed(assetId: string): AppError {
  return new AppError("last_generation_failed", "last generation failed", {
    details: regenerateHint(assetId),
  });
}

/** What whoever sees an asset without a clip can do about it. */
export function regenerateHint(assetId: string) {
  return { asset_id: assetId, hint: `POST /api/v1/regenerate/${assetId}` };
}
