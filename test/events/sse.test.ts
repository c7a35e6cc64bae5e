import { describe, expect, test } from "bun:test";
import {
  encodeFrames,
  eventFrame,
  parseCursor,
  pingFrame,
  resetFrame,
  retryFrame,
} from "../../src/events/sse.ts";
import { createParser, type DispatchedEvent } from "../support/event-source.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("event frames", () => {
  test("a frame is id, event and data, a line each, and a blank line", () => {
    const frame = eventFrame({ id: 1714801234567, type: "ready", payload: '{"ts":1}' });
    expect(frame).toBe('id: 1714801234567\nevent: ready\ndata: {"ts":1}\n\n');
  });

  test("control frames carry no id, a ping is a comment", () => {
    expect(text(pingFrame)).toBe(": ping\n\n");
    expect(text(retryFrame(1500))).toBe("retry: 1500\n\n");
    expect(text(resetFrame("deleted"))).toBe('event: reset\ndata: {"reason":"deleted"}\n\n');
  });

  const hostile = [
    "line\nfeed",
    "carriage\rreturn\r\nboth",
    "separators \u2028 and \u2029",
    "nul \0 and bell \u0007",
    '\n\nevent: forged\ndata: {"forged":true}\n\n',
  ];
  for (const error_msg of hostile) {
    test(`${JSON.stringify(error_msg)} inside data stays inside one event [E19]`, () => {
      const payload = JSON.stringify({ error_msg });
      const frame = eventFrame({ id: 7, type: "failed", payload });
      expect(frame.split("\n")).toHaveLength(5);
      expect(frame).not.toMatch(/[\r\0\u2028\u2029]/);
      const [event, ...others] = parse([frame]);
      expect(others).toEqual([]);
      expect(event).toMatchObject({ type: "failed", lastEventId: "7" });
      expect(JSON.parse(event?.data ?? "")).toEqual({ error_msg });
    });
  }

  test("JSON that was stored in several lines is sent in one", () => {
    const frame = eventFrame({ id: 7, type: "ready", payload: '{\n  "ts": 1\r\n}' });
    expect(JSON.parse(parse([frame])[0]?.data ?? "")).toEqual({ ts: 1 });
  });

  test("cut anywhere, a reader sees the same events [E20]", () => {
    const frames = [1, 2, 3].map((id) =>
      eventFrame({ id, type: "queued", payload: JSON.stringify({ ts: id, text: "ü 🌊" }) }),
    );
    const whole = text(encodeFrames(frames));
    const expected = parse([whole]);
    expect(expected.map(({ lastEventId }) => lastEventId)).toEqual(["1", "2", "3"]);
    for (let cut = 1; cut < whole.length; cut++) {
      expect(parse([whole.slice(0, cut), whole.slice(cut)])).toEqual(expected);
    }
  });
});

describe("the test's own reader, against cases of the web platform tests [E20]", () => {
  const event = (data: string, type = "message", lastEventId = "") => ({ type, data, lastEventId });
  const cases: readonly (readonly [string, string, readonly DispatchedEvent[]])[] = [
    [
      "data before colon",
      "data:a\n\ndata: b\n\ndata:  c\n\n",
      ["a", "b", " c"].map((d) => event(d)),
    ],
    ["field without colon", "data\n\ndata\ndata\n\ndata:", [event(""), event("\n")]],
    ["comments", ":\ndata:a\n:b\n: c\n\n", [event("a")]],
    ["every line ending", "data:a\r\ndata:b\rdata:c\n\n", [event("a\nb\nc")]],
    ["unknown fields", "foo:bar\ndata:a\nDATA:b\n data:c\n\n", [event("a")]],
    [
      "id is kept",
      "id:1\ndata:a\n\ndata:b\n\n",
      [event("a", "message", "1"), event("b", "message", "1")],
    ],
    [
      "id with NUL is ignored",
      "id:1\ndata:a\n\nid:2\0\ndata:b\n\n",
      [event("a", "message", "1"), event("b", "message", "1")],
    ],
    ["empty id resets", "id:1\ndata:a\n\nid\ndata:b\n\n", [event("a", "message", "1"), event("b")]],
    ["event without data", "event:x\n\ndata:a\n\n", [event("a")]],
    ["unfinished block", "data:a\n\ndata:b", [event("a")]],
  ];
  for (const [name, stream, expected] of cases) {
    test(name, () => expect(parse([stream])).toEqual([...expected]));
  }
});

describe("a cursor", () => {
  const none = [
    "abc",
    "",
    " ",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "NaN",
    "1".repeat(21),
    "1\0",
    "🌊",
    " 5",
  ];
  for (const given of [...none, "9".repeat(16), "1".repeat(10_000), null, undefined]) {
    test(`${JSON.stringify(given)?.slice(0, 30)} counts as none [E04]`, () => {
      expect(parseCursor(given)).toBeUndefined();
    });
  }

  test("a whole number is an id, up to 2^53 - 1", () => {
    expect(["0", "7", "1714801234567", "9007199254740991"].map(parseCursor)).toEqual([
      0,
      7,
      1714801234567,
      Number.MAX_SAFE_INTEGER,
    ]);
  });
});

function parse(parts: readonly string[]): readonly DispatchedEvent[] {
  const parser = createParser();
  for (const part of parts) parser.feed(part);
  return parser.seen.events;
}
