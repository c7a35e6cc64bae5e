import type { EventRow } from "../db/schema.ts";
import type { EventPayload, WireEvent } from "../events/wire-event.ts";

/** One stage of a generation, as its events tell. Times are Unix milliseconds. */
export interface StageSpan {
  /** `queue`, `vision`, `stage1`, `stage2`, `merge`, `single`, or `write`. */
  readonly stage: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  /** How often it was begun. */
  readonly attempts: number;
  readonly status: "running" | "completed" | "failed" | "cancelled";
}

export interface GenerationSpan {
  readonly generationId: string;
  readonly queuedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly status: "pending" | "ready" | "failed";
  readonly stages: readonly StageSpan[];
}

interface Step {
  readonly type: WireEvent;
  readonly payload: EventPayload;
}

/** How long each stage of each generation took, read from the events of an asset, oldest first. */
export function timelineOf(events: readonly EventRow[]): readonly GenerationSpan[] {
  const byGeneration = Map.groupBy(
    events.filter(({ generation_id: id }) => id !== null),
    ({ generation_id: id }) => id ?? "",
  );
  return [...byGeneration].map(([generationId, rows]) =>
    spanOf(
      generationId,
      rows.map(({ type, payload }) => ({
        type: type as WireEvent,
        payload: JSON.parse(payload) as EventPayload,
      })),
    ),
  );
}

function spanOf(generationId: string, steps: readonly Step[]): GenerationSpan {
  const queuedAtMs = steps[0]?.payload.ts ?? 0;
  const end = steps.find(({ type }) => ["ready", "failed", "cancelled"].includes(type));
  return {
    generationId,
    queuedAtMs,
    endedAtMs: end?.payload.ts,
    status: !end ? "pending" : end.type === "ready" ? "ready" : "failed",
    stages: stagesOf(queuedAtMs, steps),
  };
}

/** Each event begins a stage, or ends the one that runs, or tells of another attempt at it. */
function stagesOf(queuedAtMs: number, steps: readonly Step[]): readonly StageSpan[] {
  const stages: StageSpan[] = [];
  let open: StageSpan | undefined = begin("queue", queuedAtMs);
  const close = (atMs: number, status: StageSpan["status"]) => {
    if (open) stages.push({ ...open, endedAtMs: atMs, status });
    open = undefined;
  };
  for (const { type, payload } of steps) {
    const stage = type.startsWith("vision_") ? "vision" : payload.stage;
    if (open?.stage === "queue" && (type === "retry_scheduled" || type === "vision_failed")) {
      // A source that cannot be had is told of as vision's, which was never begun.
      close(payload.ts, "completed");
      open = begin("vision", payload.ts);
    }
    // Not every stage says that it begins again; each event says which attempt it belongs to.
    if (open) open = { ...open, attempts: Math.max(open.attempts, payload.attempt) };
    if (type.endsWith("_started")) {
      // Begun anew after a retry, it is the same stage, and the wait belongs to it.
      if (open?.stage === stage) continue;
      close(payload.ts, "completed");
      open = begin(stage ?? "", payload.ts);
    } else if (type === "vision_completed" || type === "stage_completed") {
      close(payload.ts, "completed");
      if (stage === "merge" || stage === "single") open = begin("write", payload.ts);
    } else if (type === "r2_write_completed") {
      close(payload.ts, "completed");
    } else if (type === "vision_failed" || type === "stage_failed" || type === "failed") {
      close(payload.ts, "failed");
    } else if (type === "cancelled") {
      close(payload.ts, "cancelled");
    }
  }
  return open ? [...stages, open] : stages;
}

function begin(stage: string, atMs: number): StageSpan {
  return { stage, startedAtMs: atMs, endedAtMs: undefined, attempts: 1, status: "running" };
}
