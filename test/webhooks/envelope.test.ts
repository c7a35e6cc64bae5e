import { describe, expect, test } from "bun:test";
import type { EventRow } from "../../src/db/schema.ts";
import { type Announcement, announcedAs, announcements } from "../../src/events/announce.ts";
import type { EventPayload, WireEvent } from "../../src/events/wire-event.ts";
import { envelopeOf } from "../../src/webhooks/envelope.ts";

const payload: EventPayload = {
  ts: 1_714_801_234_567,
  asset_id: "a25b330a71e2bc6b",
  attempt: 2,
  request_id: "req_1a2b3c4d",
};

const envelope = (
  eventType: WireEvent,
  more: Partial<EventPayload> = {},
  src = "https://x/a.png",
) => {
  const event: EventRow = {
    project_id: "proj_1",
    id: 1_714_801_234_568,
    event_id: "evt_01HXY3K",
    asset_id: payload.asset_id,
    generation_id: "gen_1",
    type: eventType,
    payload: JSON.stringify({ ...payload, ...more }),
    created_at: 1_714_801_234_567,
  };
  const type = (announcedAs as Partial<Record<WireEvent, Announcement>>)[eventType];
  if (type === undefined) throw new Error(`${eventType} is not announced`);
  const clipUrl = (id: string) => `https://motion.example/r2/assets/${id}.mp4`;
  return envelopeOf({ event, type, generation: undefined, failedStep: undefined, src, clipUrl });
};

describe("a message", () => {
  test("says when its event happened, and of which request it came", () => {
    expect(envelope("ready")).toMatchObject({
      id: "evt_01HXY3K",
      type: "asset.completed",
      ts: payload.ts,
      asset_id: payload.asset_id,
      project_id: "proj_1",
      request_id: "req_1a2b3c4d",
    });
  });

  const rows: [WireEvent, Partial<EventPayload>, object][] = [
    ["queued", {}, { src_url: "https://x/a.png", motion: null, mode: null, dur_seconds: null }],
    ["vision_completed", { latency_ms: 9 }, { stage: "vision", latency_ms: 9, attempt: 2 }],
    [
      "stage_completed",
      { stage: "merge", latency_ms: 9 },
      { stage: "merge", latency_ms: 9, attempt: 2 },
    ],
    ["r2_write_completed", { latency_ms: 9 }, { stage: "r2_write", latency_ms: 9, attempt: 2 }],
    [
      "retry_scheduled",
      { stage: "single", error_code: "i2v_failed", error_msg: "no", delay_ms: 1000 },
      { stage: "single", attempt: 2, error_code: "i2v_failed", delay_ms: 1000 },
    ],
    [
      "failed",
      { error_code: "vision_blocked", error_msg: "NSFW source" },
      { error_code: "vision_blocked", error_msg: "NSFW source" },
    ],
  ];
  test.each(rows)("of %s says what its type has to say", (type, more, data) => {
    expect(envelope(type, more).data).toEqual({ ...data });
  });

  test("never has twenty thousand bytes [W29]", () => {
    const long = "☕".repeat(50_000);
    const failed = envelope("failed", { error_code: "i2v_failed", error_msg: long });
    // The longest source that a proxy URL may name.
    const queued = envelope("queued", {}, `https://x/${"%E2%98%95".repeat(226)}`);
    for (const message of [failed, queued]) {
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(20_000);
    }
  });

  test("is of a type that can be subscribed to, whatever is announced", () => {
    expect(new Set(Object.values(announcedAs))).toEqual(new Set(announcements));
  });
});
