import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store, Topic } from "../../src/db/store.ts";
import {
  type Connection,
  type ConnectionDeps,
  openConnection,
  type StreamStatus,
} from "../../src/events/connection.ts";
import { type Hub, openHub } from "../../src/events/hub.ts";
import type { EventScope } from "../../src/events/log.ts";
import { openWheel } from "../../src/events/wheel.ts";
import { readEventSource } from "../support/event-source.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { createRecordingLog } from "../support/recording-log.ts";
import { sqlitePlace } from "../support/stores.ts";
import { settle, until } from "../support/until.ts";

const asset: EventScope = { assetId: "1" };

describe("the hub", () => {
  let clock: ManualClock;
  let store: Store;
  let hub: Hub;
  let deps: ConnectionDeps;
  let log = createRecordingLog();
  let asked: EventScope[] = [];
  beforeEach(async () => {
    clock = createManualClock();
    log = createRecordingLog();
    asked = [];
    store = await (await sqlitePlace()).open(clock);
    hub = openHub({ store, clock, log });
    const beat = () => {};
    const wheel = openWheel<Connection>({ clock, periodMs: 1000, slots: 1, beat });
    deps = { hub, wheel, clock, random: () => 0, onClose: () => {} };
  });
  afterEach(async () => {
    hub.close();
    deps.wheel.close();
    await store.close();
  });

  const open = (scope: EventScope, answer: () => Promise<StreamStatus> = async () => "open") => {
    const status = () => {
      asked.push(scope);
      return answer();
    };
    return readEventSource(openConnection(deps, { scope, status, address: "a" }, 0));
  };
  const wake = (topic: Topic) => store.write(async (tx) => tx.wake(topic));

  test("looks at what was written about, and at nothing else", async () => {
    open(asset);
    open({ projectId: "1" });
    await settle();
    asked = [];
    await wake("asset:1");
    await wake("asset:2");
    await wake("jobs");
    await settle();
    expect(asked).toEqual([asset]);
    await wake("project:1");
    await settle();
    expect(asked).toEqual([asset, { projectId: "1" }]);
  });

  test("looks once for a crowd, and again only after a wake-up or a second", async () => {
    for (let count = 0; count < 20; count++) open(asset);
    await settle();
    expect(asked.length).toBe(1);
    open(asset);
    await settle();
    expect(asked.length).toBe(1);
    await wake("asset:1");
    await settle();
    expect(asked.length).toBe(2);
    clock.advance(1001);
    open(asset);
    await settle();
    expect(asked.length).toBe(3);
  });

  test("what was seen before a wake-up is shown to nobody who asks after it", async () => {
    const slow = Promise.withResolvers<StreamStatus>();
    open(asset, () => (asked.length === 1 ? slow.promise : Promise.resolve("open")));
    await settle();
    await wake("asset:1");
    slow.resolve("open");
    await settle();
    expect(asked.length).toBe(2);
  });

  test("a look that fails cuts those it was for, and the next one is a new one", async () => {
    const reader = open(asset, async () => {
      throw new Error("on purpose");
    });
    await until(() => reader.state === "broken");
    expect(log.lines).toMatchObject([{ level: "warn", message: "event_stream_failed" }]);
    const next = open(asset);
    await settle();
    expect(next.state).toBe("open");
  });

  test("who has left is looked after no more", async () => {
    const reader = open(asset);
    await settle();
    await reader.leave();
    asked = [];
    await wake("asset:1");
    await settle();
    expect(asked).toEqual([]);
  });
});
