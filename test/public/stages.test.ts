import { describe, expect, test } from "bun:test";
import type { AssetEvent } from "../../public/stages.ts";
import { fractionOf, stageNames, stagesOf, stageTexts } from "../../public/stages.ts";

/** Events one second apart, each `name` or `name stage`. */
function eventsOf(...lines: readonly string[]): readonly AssetEvent[] {
  return lines.map((line, index) => {
    const [name = "", stage] = line.split(" ");
    const ts = 1000 * (index + 1);
    return stage === undefined ? { id: ts, name, ts } : { id: ts, name, ts, stage };
  });
}

const loop = [
  "queued",
  "vision_started",
  "vision_completed",
  "stage_started stage1",
  "stage_completed stage1",
  "stage_started stage2",
  "stage_completed stage2",
  "stage_started merge",
  "stage_completed merge",
  "r2_write_completed",
  "ready",
];

function statesAfter(...lines: readonly string[]): string {
  const stages = stagesOf(eventsOf(...lines), "loop", 1000 * lines.length + 500);
  return stages.map((stage) => stage.state[0]).join("");
}

describe("the stages of a loop", () => {
  test.each([
    [0, "wwwwwww"],
    [1, "awwwwww"],
    [2, "dawwwww"],
    [3, "ddwwwww"],
    [4, "ddawwww"],
    [5, "dddwwww"],
    [6, "dddawww"],
    [8, "ddddaww"],
    [9, "dddddaw"],
    [10, "ddddddw"],
    [11, "ddddddd"],
  ])("after %d events are %p", (count, states) => {
    expect(statesAfter(...loop.slice(0, count))).toBe(states);
  });

  test("have the times that the server's clock gave them", () => {
    const stages = stagesOf(eventsOf(...loop), "loop", 99_000);
    const times = stages.map((stage) => stage.elapsedMs);
    expect(times).toEqual([1000, 1000, 1000, 1000, 1000, 1000, 10_000]);
  });

  test("count the active one up to now", () => {
    const stages = stagesOf(eventsOf(...loop.slice(0, 4)), "loop", 6500);
    expect(stages[2]).toMatchObject({ name: "stage1", state: "active", elapsedMs: 2500 });
  });

  test("count the further attempts of the stage that needed them", () => {
    const events = eventsOf(...loop.slice(0, 4), "retry_scheduled stage1", "stage_started stage1");
    expect(stagesOf(events, "loop", 7000)[2]).toMatchObject({ state: "active", retries: 1 });
  });

  test("count those of looking at the still and of storing the clip, too", () => {
    const events = eventsOf("queued", "retry_scheduled vision", ...loop.slice(1));
    expect(stagesOf(events, "loop", 9000)[1]).toMatchObject({ name: "vision", retries: 1 });
    const stored = eventsOf(...loop.slice(0, -2), "retry_scheduled r2_write", ...loop.slice(-2));
    const last = stagesOf(stored, "loop", 9000).find(({ name }) => name === "stored");
    expect(last).toMatchObject({ retries: 1 });
  });

  test("stand still in the one that failed", () => {
    const events = eventsOf(...loop.slice(0, 4), "stage_failed stage1", "failed");
    const stages = stagesOf(events, "loop", 99_000);
    expect(stages[2]).toMatchObject({ state: "failed", elapsedMs: 2000 });
  });

  test("are those of the newest generation only", () => {
    expect(statesAfter(...loop, "queued", "vision_started")).toBe("dawwwww");
  });
});

test("the other modes have one stage between vision and storage", () => {
  expect(stageNames("animate-in")).toEqual(["queued", "vision", "single", "stored", "ready"]);
  const lines = ["queued", "vision_started", "vision_completed", "stage_started single"];
  const stages = stagesOf(eventsOf(...lines), "animate-on-hover", 5000);
  expect(stages.map((stage) => stage.state[0]).join("")).toBe("ddaww");
});

describe("progress", () => {
  test.each(["loop", "animate-in"] as const)("shares of the mode %p make a whole", (mode) => {
    const sum = stageNames(mode).reduce((total, name) => total + stageTexts[name].share, 0);
    expect(sum).toBeCloseTo(1, 9);
  });

  test("never goes back, and is whole only at the end", () => {
    let before = -1;
    for (let count = 0; count <= loop.length; count++) {
      for (const waitMs of [0, 400, 900]) {
        const stages = stagesOf(eventsOf(...loop.slice(0, count)), "loop", 1000 * count + waitMs);
        const fraction = fractionOf(stages, 10_000);
        expect(fraction).toBeGreaterThanOrEqual(before);
        before = fraction;
        expect(fraction === 1).toBe(count === loop.length);
      }
    }
  });

  test("stays below the next stage however long one takes", () => {
    const stages = stagesOf(eventsOf(...loop.slice(0, 4)), "loop", 3_600_000);
    expect(fractionOf(stages, 1000)).toBeLessThan(0.04 + 0.1 + 0.5);
  });
});
