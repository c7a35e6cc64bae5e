import { describe, expect, test } from "bun:test";
import {
  initialState,
  isTerminal,
  isWorking,
  type LifecycleEvent,
  nextState,
  parseState,
  type State,
  states,
  terminalStates,
  transitions,
  wire,
  workingStates,
} from "../../src/assets/lifecycle.ts";
import { type WireEvent, wireEvents } from "../../src/events/wire-event.ts";

const events = [...new Set(states.flatMap((state) => Object.keys(transitions[state])))];

describe("the lifecycle table", () => {
  test("reaches every state from the first one", () => {
    const reached = new Set<State>([initialState]);
    for (const state of reached) {
      for (const next of Object.values(transitions[state])) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });

  test("refuses every pair of state and event that it does not list", () => {
    const pairs = states.flatMap((state) => events.map((event) => ({ state, event })));
    const refused = pairs.filter(({ state, event }) => !(event in transitions[state]));
    expect(refused.length).toBeGreaterThan(0);
    for (const { state, event } of refused) {
      expect(nextState(state, event as LifecycleEvent)).toBeUndefined();
    }
  });

  test("lets no event leave a state that has ended", () => {
    expect(terminalStates).toEqual(["ready", "failed", "cancelled"]);
    for (const state of terminalStates) expect(Object.keys(transitions[state])).toEqual([]);
  });

  test("lets every working state fail and be cancelled", () => {
    for (const state of workingStates) {
      expect(nextState(state, "failed")).toBe("failed");
      expect(nextState(state, "cancelled")).toBe("cancelled");
    }
  });

  test("takes a loop through both stages and the merge, and other modes through one", () => {
    const walk = (steps: readonly LifecycleEvent[]) =>
      steps.reduce<State | undefined>((state, event) => state && nextState(state, event), "source");
    const loop = [
      "fetched",
      "described_loop",
      "rendered",
      "rendered",
      "merged",
      "written",
    ] as const;
    expect(walk(loop)).toBe("ready");
    expect(walk(["fetched", "described_single", "rendered", "written"])).toBe("ready");
  });
});

describe("the wire table", () => {
  test("names only events that the lifecycle table has in that state", () => {
    for (const state of workingStates) {
      for (const event of Object.keys(wire[state].events)) {
        expect(event in transitions[state]).toBe(true);
      }
    }
  });

  test("announces every failure and every cancellation", () => {
    for (const state of workingStates) {
      const rows = wire[state].events as Record<string, readonly WireEvent[] | undefined>;
      expect(rows["failed"]?.at(-1)).toBe("failed");
      expect(rows["cancelled"]).toEqual(["cancelled"]);
    }
  });

  test("uses every event of the closed enum but those of other writers", () => {
    const used = new Set<WireEvent>();
    for (const state of workingStates) {
      for (const types of Object.values(wire[state].events))
        for (const type of types) used.add(type);
    }
    const others = wireEvents.filter((type) => type === "queued" || type.startsWith("webhook_"));
    expect([...used, ...others].sort()).toEqual([...wireEvents].sort());
  });
});

test("a stored state is read back only when it is one", () => {
  for (const state of states) expect(parseState(state)).toBe(state);
  expect(parseState("constructor")).toBeUndefined();
  expect(isTerminal("ready")).toBe(true);
  expect(isTerminal("vision")).toBe(false);
  expect(isWorking("merge")).toBe(true);
});
