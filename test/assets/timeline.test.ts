import { expect, test } from "bun:test";
import { timelineOf } from "../../src/assets/timeline.ts";
import type { EventRow } from "../../src/db/schema.ts";

const row = (ts: number, type: string, more: object = {}): EventRow => ({
  project_id: "proj_1",
  id: ts + 1,
  event_id: `evt_${ts}`,
  asset_id: "a",
  generation_id: "gen_1",
  type,
  payload: JSON.stringify({ ts, asset_id: "a", attempt: 1, request_id: "req_1", ...more }),
  created_at: ts,
});
const brief = (events: readonly EventRow[]) =>
  timelineOf(events).map(({ stages, ...span }) => ({
    ...span,
    stages: stages.map((stage) =>
      [stage.stage, stage.startedAtMs, stage.endedAtMs, stage.status, stage.attempts].join(" "),
    ),
  }));

test("a loop's events are the spans of its stages", () => {
  const stage = (name: string) => ({ stage: name });
  expect(
    brief([
      row(0, "queued"),
      row(10, "vision_started"),
      row(30, "vision_completed"),
      row(31, "stage_started", stage("stage1")),
      row(60, "retry_scheduled", stage("stage1")),
      row(70, "stage_started", { stage: "stage1", attempt: 2 }),
      row(90, "stage_completed", { stage: "stage1", attempt: 2 }),
      row(91, "stage_started", stage("stage2")),
      row(95, "stage_completed", stage("stage2")),
      row(96, "stage_started", stage("merge")),
      row(97, "stage_completed", stage("merge")),
      row(98, "retry_scheduled", stage("r2_write")),
      row(99, "r2_write_completed", { attempt: 2 }),
      row(99, "ready", { attempt: 2 }),
      row(200, "webhook_delivered"),
    ]),
  ).toEqual([
    {
      generationId: "gen_1",
      queuedAtMs: 0,
      endedAtMs: 99,
      status: "ready",
      stages: [
        "queue 0 10 completed 1",
        "vision 10 30 completed 1",
        "stage1 31 90 completed 2",
        "stage2 91 95 completed 1",
        "merge 96 97 completed 1",
        "write 97 99 completed 2",
      ],
    },
  ]);
});

test.each([
  ["running", [row(0, "queued"), row(5, "vision_started")], "vision 5  running 1", "pending"],
  [
    "failed",
    [row(0, "queued"), row(5, "vision_started"), row(9, "vision_failed"), row(9, "failed")],
    "vision 5 9 failed 1",
    "failed",
  ],
  [
    "cancelled",
    [row(0, "queued"), row(5, "vision_started"), row(9, "cancelled")],
    "vision 5 9 cancelled 1",
    "failed",
  ],
])("a stage may be %s", (_name, events, last, status) => {
  const [span] = brief(events);
  expect([span?.stages.at(-1), span?.status]).toEqual([last, status]);
});

test("a source that cannot be had is vision's failure, with all its attempts", () => {
  const retry = (ts: number, attempt: number) =>
    row(ts, "retry_scheduled", { stage: "vision", attempt });
  const failed = [row(9, "vision_failed", { attempt: 3 }), row(9, "failed", { attempt: 3 })];
  const [span] = brief([row(0, "queued"), retry(3, 1), retry(5, 2), ...failed]);
  expect(span?.stages).toEqual(["queue 0 3 completed 1", "vision 3 9 failed 3"]);
  const once = [row(0, "queued"), row(4, "vision_failed"), row(4, "failed")];
  expect(brief(once)[0]?.stages).toEqual(["queue 0 4 completed 1", "vision 4 4 failed 1"]);
});

test("a source that was had at last leaves its attempts with vision", () => {
  const events = [row(0, "queued"), row(3, "retry_scheduled", { stage: "vision" })];
  const [span] = brief([...events, row(6, "vision_started"), row(8, "vision_completed")]);
  expect(span?.stages).toEqual(["queue 0 3 completed 1", "vision 3 8 completed 1"]);
});

test("each generation has a span of its own", () => {
  const again = { ...row(50, "queued"), generation_id: "gen_2" };
  expect(timelineOf([row(0, "queued"), row(9, "failed"), again])).toHaveLength(2);
});
