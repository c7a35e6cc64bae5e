import { expect, test } from "bun:test";
import { parseEvent } from "../../public/events.ts";

function message(data: string, lastEventId = "1714801234567") {
  return parseEvent({ type: "stage_completed", data, lastEventId });
}

test("a frame as documented becomes an event", () => {
  const data = '{"stage":"stage1","latency_ms":4820,"asset_id":"a","ts":1714801234567}';
  expect(message(data)).toEqual({
    id: 1714801234567,
    name: "stage_completed",
    ts: 1714801234567,
    stage: "stage1",
  });
});

test("a failure's code and text are kept", () => {
  const data = '{"ts":5,"error_code":"i2v_failed","error_msg":"no frames"}';
  expect(message(data)).toMatchObject({ errorCode: "i2v_failed", errorMsg: "no frames" });
});

test.each([
  ["no JSON", "nonsense", "1"],
  ["no object", "3", "1"],
  ["no time", "{}", "1"],
  ["a time that is a text", '{"ts":"5"}', "1"],
  ["no id", '{"ts":5}', ""],
])("a frame with %s is not an event", (_what, data, id) => {
  expect(message(data, id)).toBeUndefined();
});
