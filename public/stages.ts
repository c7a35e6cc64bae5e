import type { Mode } from "./proxy-url.ts";

/** One frame of an asset's event stream. */
export interface AssetEvent {
  /** The stream's cursor: strictly increasing. */
  readonly id: number;
  readonly name: string;
  /** When it happened by the server's clock, Unix milliseconds. */
  readonly ts: number;
  readonly stage?: string;
  readonly errorCode?: string;
  readonly errorMsg?: string;
}

export type StageName =
  | "queued"
  | "vision"
  | "stage1"
  | "stage2"
  | "merge"
  | "single"
  | "stored"
  | "ready";

export interface StageView {
  readonly name: StageName;
  readonly state: "waiting" | "active" | "done" | "failed";
  /** How long it took or has taken so far; undefined before it began. */
  readonly elapsedMs: number | undefined;
  /** How often it was tried again. */
  readonly retries: number;
}

/** What a stage is called, what happens in it, and its usual share of the whole time. */
export const stageTexts: Readonly<
  Record<StageName, { readonly label: string; readonly what: string; readonly share: number }>
> = {
  queued: { label: "Queued", what: "waiting for its turn", share: 0.04 },
  vision: { label: "Vision", what: "reading the picture", share: 0.1 },
  stage1: { label: "Stage 1", what: "setting it in motion", share: 0.5 },
  stage2: { label: "Stage 2", what: "returning to the start", share: 0.2 },
  merge: { label: "Merge", what: "closing the loop", share: 0.1 },
  single: { label: "Motion", what: "setting it in motion", share: 0.8 },
  stored: { label: "Stored", what: "writing the clip", share: 0.05 },
  ready: { label: "Ready", what: "at its URL", share: 0.01 },
};

/** The stages that a clip of this mode passes, in order. */
export function stageNames(mode: Mode): readonly StageName[] {
  return mode === "loop"
    ? ["queued", "vision", "stage1", "stage2", "merge", "stored", "ready"]
    : ["queued", "vision", "single", "stored", "ready"];
}

/**
 * The stages as the events so far tell them; `nowMs` is by the server's clock. Only the newest
 * generation counts: a replay also holds those before it.
 */
export function stagesOf(
  events: readonly AssetEvent[],
  mode: Mode,
  nowMs: number,
): readonly StageView[] {
  const run = events.slice(Math.max(0, lastIndexOfName(events, "queued")));
  const ending = run.find((event) => event.name === "failed" || event.name === "cancelled");
  const names = stageNames(mode);
  const begins = names.map((name) => beginOf(run, name));
  return names.map((name, index) => {
    const begin = begins[index];
    const retries = run.filter((e) => e.name === "retry_scheduled" && stageOf(e) === name).length;
    if (begin === undefined) return { name, state: "waiting", elapsedMs: undefined, retries };
    const end = endOf(run, name) ?? begins.slice(index + 1).find((ts) => ts !== undefined);
    if (name === "ready") return { name, state: "done", elapsedMs: begin - firstTs(run), retries };
    if (end !== undefined) return { name, state: "done", elapsedMs: end - begin, retries };
    const stop = ending?.ts ?? nowMs;
    return { name, state: ending ? "failed" : "active", elapsedMs: stop - begin, retries };
  });
}

/**
 * How far the work is, 0 to 1: whole shares for stages that are done, and in the active one a
 * curve that slows down, since how long it will take is a guess. It never goes back.
 */
export function fractionOf(stages: readonly StageView[], etaMs: number): number {
  let sum = 0;
  for (const stage of stages) {
    const { share } = stageTexts[stage.name];
    if (stage.state === "done") sum += share;
    if (stage.state === "active") {
      const usualMs = Math.max(300, share * etaMs);
      sum += share * (1 - Math.exp((-1.5 * (stage.elapsedMs ?? 0)) / usualMs)) * 0.95;
    }
  }
  return Math.min(1, sum);
}

function beginOf(run: readonly AssetEvent[], name: StageName): number | undefined {
  switch (name) {
    case "queued":
      return run.find((event) => event.name === "queued")?.ts;
    case "vision":
      return run.find((event) => event.name === "vision_started")?.ts;
    case "stored":
      return endOf(run, "merge") ?? endOf(run, "single");
    case "ready":
      return run.find((event) => event.name === "ready")?.ts;
    default:
      return run.find((event) => event.name === "stage_started" && event.stage === name)?.ts;
  }
}

function endOf(run: readonly AssetEvent[], name: StageName): number | undefined {
  switch (name) {
    case "queued":
    case "ready":
      return undefined;
    case "vision":
      return run.find((event) => event.name === "vision_completed")?.ts;
    case "stored":
      return run.find((event) => event.name === "r2_write_completed")?.ts;
    default:
      return run.find((event) => event.name === "stage_completed" && event.stage === name)?.ts;
  }
}

/** A retry names its stage; storing the clip has another name on the wire. */
function stageOf(event: AssetEvent): string | undefined {
  return event.stage === "r2_write" ? "stored" : event.stage;
}

function firstTs(run: readonly AssetEvent[]): number {
  return run[0]?.ts ?? 0;
}

function lastIndexOfName(events: readonly AssetEvent[], name: string): number {
  return events.findLastIndex((event) => event.name === name);
}
