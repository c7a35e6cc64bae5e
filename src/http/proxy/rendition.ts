import type { EnsureAsset } from "../../assets/ensure.ts";
import type { EnsureRendition } from "../../assets/renditions.ts";
import type { AssetView } from "../../assets/request.ts";
import type { Rendition } from "../../db/rendition-table.ts";
import { AppError } from "../../errors.ts";
import type { RenditionFormat } from "../../media/rendition-format.ts";
import type { Bodies } from "../answer/bodies.ts";
import { createMediaResponder, type Responder } from "../answer/media-response.ts";
import type { RequestContext } from "../request/context.ts";
import { renditionMedia } from "./asset-media.ts";
import {
  createPendingResponder,
  isPending,
  lastGenerationFailed,
  type PendingDeps,
  regenerateHint,
} from "./clip-answer.ts";
import type { Posters } from "./posters.ts";
import type { ProxyUrl } from "./proxy-url.ts";
import { isToldPlainly, rememberAnswer } from "./remember-answer.ts";
import type { ProxyReading } from "./resolve.ts";
import { standIn, wantsPoster } from "./stand-in.ts";
import { type VersionDeps, viewOfVersion } from "./version.ts";
import type { Waits } from "./waits.ts";

/** Other forms of a clip, as they are asked for. */
export interface Renditions {
  /** @throws AppError `unsupported_format` when this server cannot make the form. */
  readonly check: (format: RenditionFormat) => Promise<void>;
  readonly ensure: EnsureRendition;
}

export interface RenditionDeps extends PendingDeps, VersionDeps {
  readonly ensureAsset: EnsureAsset;
  readonly renditions: Renditions;
  readonly bodies: Bodies;
  readonly waits: Waits;
  readonly posters: Posters;
}

/** The form that a URL asks for besides the clip as it is and its poster, if any. */
export function renditionFormatOf({ format, options }: ProxyUrl): RenditionFormat | undefined {
  if (format === "jpg") return undefined;
  if (format === "mp4") return options.format === "av1" ? "av1" : undefined;
  return format;
}

/** A form takes about as long to make as it plays. */
const makingMsPerSecond = 1000;
/** An answer that something is being made is believed no longer: its job may get lost. */
const pendingLifeMs = 15_000;

/** What one look at an asset and its form led to. */
interface Seen {
  readonly view: AssetView;
  readonly rendition: Rendition | undefined;
  readonly responder: Responder;
}

/**
 * Answers the URL of another form of a clip, as `answerClip` does for the clip. The first request
 * starts the asset, and pays for it, where there is none; once the clip is ready a request has
 * the form made of it, at no cost.
 * @throws AppError as `answerClip`; `unsupported_format`, `rendition_failed`.
 */
export async function answerRendition(
  deps: RenditionDeps,
  proxied: ProxyReading,
  format: RenditionFormat,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  // Before anything is started: nobody pays for a clip in a form that cannot be had.
  await deps.renditions.check(format);
  const { view, rendition, responder } = await deps.waits.until({
    topic: `asset:${proxied.assetId}`,
    timeoutMs: proxied.url.options.wait_ms ?? 0,
    signal: request.signal,
    look: () => look(deps, proxied, format, request, context),
    isDone: (seen) => !isComing(seen),
  });
  if (!view.current && !isPending(view)) throw lastGenerationFailed(proxied.assetId);
  if (rendition?.state === "failed") throw renditionFailed(rendition);
  if (rendition?.state !== "ready" && wantsPoster(proxied, request)) {
    return standIn(deps, proxied, view, context);
  }
  return responder(request, context.requestId);
}

function isComing({ view, rendition }: Pick<Seen, "view" | "rendition">): boolean {
  return view.current ? rendition?.state === "pending" : isPending(view);
}

/** Reads the asset and the form, starts what is new, and remembers the answer where one can be. */
async function look(
  deps: RenditionDeps,
  proxied: ProxyReading,
  format: RenditionFormat,
  request: Request,
  { requestId }: RequestContext,
): Promise<Seen> {
  const { options } = proxied.url;
  const ensured = await deps.ensureAsset(proxied.asset, { requestId });
  const view = await viewOfVersion(deps, ensured, options.v);
  const { asset, current } = view;
  const rendition = current && (await deps.renditions.ensure(current, format));
  const isReady = rendition?.state === "ready";
  const responder =
    current && isReady
      ? createMediaResponder(
          renditionMedia(
            deps.bodies,
            { asset, generation: current, version: options.v },
            rendition,
          ),
          deps.clock,
        )
      : createPendingResponder(withMaking(deps, rendition), view, current ? "merge" : undefined);
  const seen = { view, rendition, responder };
  if (isReady) {
    rememberAnswer(proxied, request, responder);
  } else if (isComing(seen) && isToldPlainly(proxied)) {
    rememberAnswer(proxied, request, responder, deps.clock.now() + pendingLifeMs);
  }
  return seen;
}

/** The estimate for the form: what is left until the clip is there, and then its making. */
function withMaking({ clock, etaMs }: PendingDeps, rendition: Rendition | undefined): PendingDeps {
  return {
    clock,
    etaMs(view) {
      const makingMs = view.newest.dur_seconds * makingMsPerSecond;
      if (!view.current) return etaMs(view) + makingMs;
      const spentMs = rendition ? clock.now() - rendition.created_at : 0;
      return Math.max(1000, makingMs - spentMs);
    },
  };
}

/** The clip is there; this form of it could not be made, and asking again makes no difference. */
function renditionFailed({ asset_id: assetId, format, error_msg: reason }: Rendition): AppError {
  return new AppError("rendition_failed", `the ${format} could not be made: ${reason}`, {
    details: regenerateHint(assetId),
  });
}
