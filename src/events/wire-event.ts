/** The closed set of events that readers of the log can meet, as the public pages name them. */
export const wireEvents = [
  "queued",
  "vision_started",
  "vision_completed",
  "vision_failed",
  "stage_started",
  "stage_completed",
  "stage_failed",
  "retry_scheduled",
  "r2_write_completed",
  "webhook_dispatched",
  "webhook_delivered",
  "webhook_failed",
  "webhook_dead_letter",
  "ready",
  "failed",
  "cancelled",
] as const;

export type WireEvent = (typeof wireEvents)[number];

/** The payload keys of the public pages. */
export interface EventPayload {
  /** When it happened, Unix milliseconds: the real time, not derived from the id. */
  readonly ts: number;
  readonly asset_id: string;
  readonly attempt: number;
  readonly request_id: string;
  readonly stage?: string;
  readonly latency_ms?: number;
  readonly error_code?: string;
  readonly error_msg?: string;
  readonly delay_ms?: number;
  /** Of the message that a `webhook_*` event is about, and what the message tells. */
  readonly delivery_id?: string;
  readonly event_type?: string;
}
