import { isTerminal } from "../../assets/lifecycle.ts";
import type { AssetView } from "../../assets/request.ts";
import type { Asset, EventRow, Generation } from "../../db/schema.ts";
import type { EventPayload, WireEvent } from "../../events/wire-event.ts";
import { loopModes, statuses } from "./asset-schemas.ts";

type Status = (typeof statuses)[number];

/** An asset as the API shows it: what is served where there is something, else what is made. */
export function describeAsset(baseUrl: string, { asset, newest, current }: AssetView) {
  const shown = current ?? newest;
  return {
    id: asset.id,
    project_id: asset.project_id,
    src_url: asset.src_url,
    status: statusOf(asset),
    mp4_url: current ? clipUrl(baseUrl, asset.id) : null,
    poster_url: current?.poster_key ? posterUrl(baseUrl, asset.id) : null,
    duration_ms: current ? durationMs(current) : null,
    bytes: current?.bytes ?? null,
    vision_prompt: shown.vision_prompt,
    model: shown.model,
    loop_mode: loopModeOf(shown),
    created_at: asset.created_at,
    ready_at: asset.ready_at,
    error: asset.status === "failed" ? errorOf(newest) : null,
    motion: asset.motion,
    mode: asset.mode,
    dur_seconds: asset.dur_seconds,
    aspect: asset.aspect,
    seed: asset.seed,
    prompt: asset.prompt,
    idem: asset.idem,
    width: current?.width ?? null,
    height: current?.height ?? null,
    seam: parsed<Seam>(shown.seam),
    thumbhash: shown.thumbhash,
    sight: parsed<Record<string, unknown>>(shown.sight),
    generation_count: asset.generation_count,
    current_generation_id: asset.current_generation_id,
  };
}

export function describeGeneration(baseUrl: string, asset: Asset, generation: Generation) {
  const isReady = generation.state === "ready";
  return {
    id: generation.id,
    attempt_no: generation.number,
    status: generationStatus(generation),
    model: generation.model,
    motion: generation.motion,
    mode: generation.mode,
    dur_seconds: generation.dur_seconds,
    aspect: generation.aspect,
    seed: generation.seed,
    prompt_override: generation.prompt,
    vision_prompt: generation.vision_prompt,
    loop_mode: loopModeOf(generation),
    loop_method: generation.loop_method,
    bytes: generation.bytes,
    width: generation.width,
    height: generation.height,
    created_at: generation.created_at,
    ready_at: isReady ? generation.ended_at : null,
    error_code: generation.error_code,
    error_msg: generation.error_msg,
    request_id: generation.request_id,
    seam: parsed<Seam>(generation.seam),
    thumbhash: generation.thumbhash,
    sight: parsed<Record<string, unknown>>(generation.sight),
    cost_usd: generation.cost_usd_micros / 1e6,
    is_current: asset.current_generation_id === generation.id,
    mp4_url:
      isReady && generation.media_key !== null
        ? `${clipUrl(baseUrl, asset.id)}?v=${generation.number}`
        : null,
  };
}

export function describeEvent(row: EventRow) {
  return {
    ...(JSON.parse(row.payload) as EventPayload),
    id: row.id,
    event_id: row.event_id,
    event: row.type as WireEvent,
    generation_id: row.generation_id,
  };
}

/** The public address of an asset's present clip. */
export function clipUrl(baseUrl: string, assetId: string): string {
  return `${baseUrl}/r2/assets/${assetId}.mp4`;
}

/** The public address of its poster. */
export function posterUrl(baseUrl: string, assetId: string): string {
  return `${baseUrl}/r2/assets/${assetId}.jpg`;
}

/** The stored status; the column holds nothing else. */
export function statusOf({ status }: Pick<Asset, "status">): Status {
  return statuses.find((known) => known === status) ?? "pending";
}

export function generationStatus({ state }: Pick<Generation, "state">): Status {
  if (!isTerminal(state)) return "pending";
  return state === "ready" ? "ready" : "failed";
}

interface Seam {
  readonly sr: number;
  readonly ar: number;
  readonly delta: number;
  readonly luma_step: number;
}

/** JSON that this program wrote. */
function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}

function loopModeOf({ loop_mode: mode }: Generation) {
  return loopModes.find((known) => known === mode) ?? null;
}

function durationMs({ frames, fps, dur_seconds: seconds }: Generation): number {
  return frames && fps ? Math.round((frames / fps) * 1000) : seconds * 1000;
}

function errorOf({ error_code: code, error_msg: message }: Generation): string | null {
  return code === null ? null : `${code}: ${message ?? ""}`.trimEnd();
}
