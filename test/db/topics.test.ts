import { expect, test } from "bun:test";
import { createTopics } from "../../src/db/topics.ts";
import { createRecordingLog } from "../support/recording-log.ts";

test("one function subscribed twice is called twice, and unsubscribed one at a time", () => {
  const topics = createTopics({ log: createRecordingLog() });
  let heard = 0;
  const listener = () => {
    heard += 1;
  };
  const end = topics.subscribe(listener);
  topics.subscribe(listener);
  topics.emit("jobs");
  end();
  end();
  topics.emit(undefined);
  expect(heard).toBe(3);
});

test("a listener that throws is logged with its topic", () => {
  const log = createRecordingLog();
  const topics = createTopics({ log });
  topics.subscribe(() => {
    throw new Error("on purpose");
  });
  topics.emit("asset:1");
  expect(log.lines).toMatchObject([
    { level: "error", message: "topic_listener_failed", fields: { topic: "asset:1" } },
  ]);
});

test("after closing nobody hears", () => {
  const topics = createTopics({ log: createRecordingLog() });
  let heard = 0;
  topics.subscribe(() => {
    heard += 1;
  });
  topics.close();
  topics.emit("jobs");
  expect(heard).toBe(0);
});
