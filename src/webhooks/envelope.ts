import type { EventRow, Generation } from "../db/schema.ts";
import type { Announcement } from "../events/announce.ts";
import type { EventPayload } from "../events/wire-event.ts";

/** What every message says, whatever it tells. */
export interface Envelope {
  /** The same on every attempt. */
  readonly id: string;
  readonly type: Announcement | "asset.test";
  /** When the event happened, Unix milliseconds. */
  readonly ts: number;
  readonly asset_id: string | null;
  readonly project_id: string;
  readonly request_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The public address of an asset's clip. */
export type ClipUrl = (assetId: string) => string;

export interface Announced {
  readonly event: EventRow;
  readonly type: Announcement;
  readonly generation: Generation | undefined;
  /** What failed, of an event that says that the whole has. */
  readonly failedStep: EventRow | undefined;
  /** The source's address. */
  readonly src: string;
  readonly clipUrl: ClipUrl;
}

/** Receivers are promised bodies under 20 kB: a message that went through many hands is cut. */
const errorLengthMax = 1000;

/** The message that tells of an event. */
export function envelopeOf(announced: Announced): Envelope {
  const { event, type } = announced;
  const payload = JSON.parse(event.payload) as EventPayload;
  return {
    id: event.event_id,
    type,
    ts: payload.ts,
    asset_id: event.asset_id,
    project_id: event.project_id,
    request_id: payload.request_id,
    data: dataOf(announced, payload),
  };
}

function dataOf(announced: Announced, payload: EventPayload): Envelope["data"] {
  const { event, type, generation, failedStep, src, clipUrl } = announced;
  const { attempt, latency_ms, delay_ms, error_code, error_msg } = payload;
  const stage = stageOf(event);
  switch (type) {
    case "asset.queued":
      return {
        src_url: src,
        motion: generation?.motion ?? null,
        mode: generation?.mode ?? null,
        dur_seconds: generation?.dur_seconds ?? null,
      };
    case "asset.stage_completed":
      return { stage, latency_ms: latency_ms ?? null, attempt };
    case "asset.completed":
      return {
        mp4_url: clipUrl(event.asset_id ?? ""),
        bytes: generation?.bytes ?? null,
        loop_mode: generation?.loop_mode ?? null,
      };
    case "asset.retry_scheduled":
      return { stage, attempt, error_code, delay_ms };
    case "asset.failed":
      return {
        error_code,
        error_msg: error_msg?.slice(0, errorLengthMax),
        ...(failedStep ? { stage: stageOf(failedStep) } : {}),
      };
  }
}

/** The two steps besides the clip's stages say theirs by their name alone. */
function stageOf({ type, payload }: EventRow): string | null {
  if (type.startsWith("vision_")) return "vision";
  if (type === "r2_write_completed") return "r2_write";
  return (JSON.parse(payload) as EventPayload).stage ?? null;
}
