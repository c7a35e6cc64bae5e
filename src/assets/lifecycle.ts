import type { WireEvent } from "../events/wire-event.ts";

type Table<T> = { readonly [S in keyof T]: { readonly [event: string]: keyof T } };
/** An unknown target does not compile. */
const table = <const T extends Table<T>>(states: T): T => states;

/**
 * The life of one generation: state, then event, then the next state. `started` and `retried`
 * leave the state as it is; they are here so that they, too, are refused in a state that ended.
 */
export const transitions = table({
  source: { retried: "source", fetched: "vision", failed: "failed", cancelled: "cancelled" },
  vision: {
    started: "vision",
    retried: "vision",
    described_loop: "stage1",
    described_single: "single",
    failed: "failed",
    cancelled: "cancelled",
  },
  stage1: {
    started: "stage1",
    retried: "stage1",
    rendered: "stage2",
    failed: "failed",
    cancelled: "cancelled",
  },
  stage2: {
    started: "stage2",
    retried: "stage2",
    rendered: "merge",
    failed: "failed",
    cancelled: "cancelled",
  },
  merge: {
    started: "merge",
    retried: "merge",
    merged: "write",
    failed: "failed",
    cancelled: "cancelled",
  },
  single: {
    started: "single",
    retried: "single",
    rendered: "write",
    failed: "failed",
    cancelled: "cancelled",
  },
  write: { retried: "write", written: "ready", failed: "failed", cancelled: "cancelled" },
  ready: {},
  failed: {},
  cancelled: {},
});

export type State = keyof typeof transitions;
export type LifecycleEvent = { [S in State]: keyof (typeof transitions)[S] }[State];
/** A state that a stage works on: it can fail. */
export type WorkingState = {
  [S in State]: "failed" extends keyof (typeof transitions)[S] ? S : never;
}[State];
/** The events that a stage of `S` may return on success: all but those the runner decides. */
export type SuccessEvent<S extends WorkingState> = Exclude<
  keyof (typeof transitions)[S],
  "started" | "retried" | "failed" | "cancelled"
>;

/** The state in which every generation begins. */
export const initialState: State = "source";
export const states = Object.keys(transitions) as readonly State[];
export const workingStates = states.filter(isWorking);
export const terminalStates = states.filter((state) => !isWorking(state));

/** Whether work goes on in this state. */
export function isWorking(state: State): state is WorkingState {
  return "failed" in transitions[state];
}

/** Whether `text`, as stored, is a state in which no work goes on. */
export function isTerminal(text: string): boolean {
  return (terminalStates as readonly string[]).includes(text);
}

/** A stored state, or undefined when the text is none of this program's. */
export function parseState(text: string): State | undefined {
  return states.find((state) => state === text);
}

/** The only reader of the table: where `event` leads, or undefined where it may not happen. */
export function nextState(state: State, event: LifecycleEvent): State | undefined {
  return (transitions[state] as Record<string, State | undefined>)[event];
}

/** The public name of a working state, in `stage` payloads and the `X-Motioness-Stage` header. */
export type WireStage = "queued" | "vision" | "stage1" | "stage2" | "merge" | "ready";

/**
 * What readers of the log see of each step: the wire events that it appends, in order. A step with
 * no row stays off the wire. `stage` is what the payload of a stage's events and of a retry names.
 */
export const wire: {
  readonly [S in WorkingState]: {
    readonly header: WireStage;
    /** As the public pages name it: a source that cannot be had is seen by vision. */
    readonly stage: "vision" | "stage1" | "stage2" | "merge" | "single" | "r2_write";
    readonly events: {
      readonly [E in keyof (typeof transitions)[S]]?: readonly WireEvent[];
    };
  };
} = {
  source: {
    header: "queued",
    stage: "vision",
    events: {
      retried: ["retry_scheduled"],
      failed: ["vision_failed", "failed"],
      cancelled: ["cancelled"],
    },
  },
  vision: {
    header: "vision",
    stage: "vision",
    events: {
      started: ["vision_started"],
      retried: ["retry_scheduled"],
      described_loop: ["vision_completed"],
      described_single: ["vision_completed"],
      failed: ["vision_failed", "failed"],
      cancelled: ["cancelled"],
    },
  },
  stage1: { header: "stage1", stage: "stage1", events: renderEvents() },
  stage2: { header: "stage2", stage: "stage2", events: renderEvents() },
  merge: {
    header: "merge",
    stage: "merge",
    events: {
      started: ["stage_started"],
      retried: ["retry_scheduled"],
      merged: ["stage_completed"],
      failed: ["stage_failed", "failed"],
      cancelled: ["cancelled"],
    },
  },
  single: { header: "stage1", stage: "single", events: renderEvents() },
  write: {
    header: "merge",
    stage: "r2_write",
    events: {
      retried: ["retry_scheduled"],
      written: ["r2_write_completed", "ready"],
      failed: ["failed"],
      cancelled: ["cancelled"],
    },
  },
};

function renderEvents() {
  return {
    started: ["stage_started"],
    retried: ["retry_scheduled"],
    rendered: ["stage_completed"],
    failed: ["stage_failed", "failed"],
    cancelled: ["cancelled"],
  } as const;
}
