import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import { heartbeatMs, type StreamStatus } from "../../src/events/connection.ts";
import type { ConnectionLimits } from "../../src/events/connection-limit.ts";
import { append, type EventScope } from "../../src/events/log.ts";
import { type EventStreams, openEventStreams } from "../../src/events/stream.ts";
import { type EventSourceReader, readEventSource } from "../support/event-source.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { createRecordingLog } from "../support/recording-log.ts";
import { addAsset, addProject } from "../support/rows.ts";
import { settle, until } from "../support/until.ts";
import type { StorePlace } from "./store.ts";

/** What event streams promise, whatever the engine. */
export function eventStreamsContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`event streams on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;
    let streams: EventStreams;
    let projectId: string;
    let assetId: string;
    let status: StreamStatus;

    const openStreams = (on: Store = store, limits?: ConnectionLimits) =>
      openEventStreams({
        store: on,
        clock,
        log: createRecordingLog(),
        random: () => 0.5,
        ...(limits ? { limits } : {}),
      });
    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
      projectId = await addProject(store);
      assetId = await addAsset(store, projectId);
      streams = openStreams();
      status = "open";
    });
    afterEach(async () => {
      streams.close();
      await store.close();
    });

    const say = async (text = "", asset = assetId) => {
      const event = await store.write((tx) =>
        append(tx, {
          projectId,
          assetId: asset,
          generationId: null,
          type: "queued",
          payload: { ts: 0, asset_id: asset, attempt: 1, request_id: "req_1", error_msg: text },
        }),
      );
      return String(event.id);
    };
    const sayMany = async (count: number) => {
      const ids: string[] = [];
      for (let index = 0; index < count; index++) ids.push(await say());
      return ids;
    };
    const body = (cursor?: string | number, scope: EventScope = { assetId }, on = streams) =>
      on.open({
        scope,
        cursor: cursor === undefined ? undefined : Number(cursor),
        address: "192.0.2.1",
        status: async () => status,
      });
    const follow = async (...given: Parameters<typeof body>): Promise<EventSourceReader> => {
      const opened = await body(...given);
      if (!opened) throw new Error("nothing to follow");
      return readEventSource(opened);
    };
    const seen = (reader: EventSourceReader) => reader.events.map(({ lastEventId }) => lastEventId);
    const beat = async () => {
      clock.advance(heartbeatMs);
      await settle();
    };

    test("without a cursor every event comes, in order, then those that happen [E02]", async () => {
      const before = await sayMany(5);
      const reader = await follow();
      await until(() => reader.events.length === 5);
      const after = await sayMany(3);
      await until(() => reader.events.length === 8);
      expect(seen(reader)).toEqual([...before, ...after]);
      expect(reader.events[0]).toMatchObject({ type: "queued" });
    });

    test("from each of 50 cursors exactly the rest comes [E03]", async () => {
      const ids = await sayMany(50);
      for (const [index, cursor] of ids.entries()) {
        const reader = await follow(cursor);
        await until(() => reader.events.length === 49 - index);
        await settle(2);
        expect(seen(reader)).toEqual(ids.slice(index + 1));
        await reader.leave();
      }
      expect(streams.count).toBe(0);
    });

    test("a cursor from the future is taken for the newest: what happens next comes", async () => {
      await say();
      const reader = await follow(Number.MAX_SAFE_INTEGER);
      const next = await say();
      await until(() => reader.events.length === 1);
      expect(seen(reader)).toEqual([next]);
    });

    test("a project's stream has the events of all its assets, and shares their ids", async () => {
      const other = await addAsset(store, projectId);
      const ids = [await say(), await say("", other), await say()];
      const reader = await follow(undefined, { projectId });
      await until(() => reader.events.length === 3);
      expect(seen(reader)).toEqual(ids);
      const asset = await follow(ids[1]);
      await until(() => asset.events.length === 1);
      expect(seen(asset)).toEqual(ids.slice(2));
    });

    test("40 readers joining amid 60 events miss none, see none twice, all in order", async () => {
      const ids: string[] = [];
      const readers: EventSourceReader[] = [];
      const writing = (async () => {
        for (let count = 0; count < 60; count++) ids.push(await say());
      })();
      for (let count = 0; count < 40; count++) {
        readers.push(await follow());
        await settle(3);
      }
      await writing;
      await until(() => readers.every((reader) => reader.events.length >= 60));
      for (const reader of readers) expect(seen(reader)).toEqual(ids);
    });

    test("with 30 % of the wake-ups dropped nothing is lost, only late [E10]", async () => {
      let wakeUps = 0;
      const deaf: Store = Object.create(store, {
        subscribe: {
          value: (listener: Parameters<Store["subscribe"]>[0]) =>
            store.subscribe((topic) => {
              wakeUps += 1;
              if (wakeUps % 10 >= 3) listener(topic);
            }),
        },
      });
      const own = openStreams(deaf);
      const readers = await Promise.all(
        Array.from({ length: 10 }, () => follow(undefined, { assetId }, own)),
      );
      const ids = await sayMany(30);
      await beat();
      await beat();
      await until(() => readers.every((reader) => reader.events.length === 30));
      for (const reader of readers) expect(seen(reader)).toEqual(ids);
      own.close();
    });

    test("it ends when nothing more will be said, and then is no more opened [E11]", async () => {
      const ids = await sayMany(3);
      const reader = await follow();
      await until(() => reader.events.length === 3);
      status = "ended";
      const last = await say();
      await reader.ended;
      expect([reader.state, seen(reader)]).toEqual(["ended", [...ids, last]]);
      expect(await body(last)).toBeUndefined();
      expect(await body(Number.MAX_SAFE_INTEGER)).toBeUndefined();
      const late = await follow(ids[2]);
      await late.ended;
      expect(seen(late)).toEqual([last]);
      expect(streams.count).toBe(0);
    });

    test("while more may be said it stays open, and opens again at the newest [E11]", async () => {
      const [id] = await sayMany(1);
      const reader = await follow(id);
      await settle();
      expect(reader.state).toBe("open");
      const next = await say();
      await until(() => reader.events.length === 1);
      expect(seen(reader)).toEqual([next]);
    });

    test("what does not exist is not found; what is deleted meanwhile is reset [E12]", async () => {
      status = "gone";
      await expect(body()).rejects.toMatchObject({ code: "not_found" });
      expect(streams.count).toBe(0);
      status = "open";
      const id = await say();
      const reader = await follow();
      await until(() => reader.events.length === 1);
      status = "gone";
      await store.write(async (tx) => tx.wake(`asset:${assetId}`));
      await reader.ended;
      expect(reader.state).toBe("ended");
      // Without an id of its own: the cursor stays where it was.
      expect(reader.events.at(-1)).toMatchObject({ type: "reset", lastEventId: id });
    });

    test("a silent stream stays open by its pings, for five minutes [E14]", async () => {
      const reader = await follow();
      for (let beats = 1; beats <= 18; beats++) {
        clock.advance(heartbeatMs);
        await until(() => reader.comments.length === beats);
      }
      expect(reader.comments).toEqual(Array(18).fill(" ping"));
      expect(reader.state).toBe("open");
      clock.advance(2 * heartbeatMs);
      await reader.ended;
      expect(reader.state).toBe("ended");
      expect(clock.pending).toBeLessThan(3);
    });

    test("100 readers that take nothing hold little, are cut, and can resume [E15]", async () => {
      const bodies = await Promise.all(Array.from({ length: 100 }, () => body()));
      const text = "x".repeat(3000);
      const ids: string[] = [];
      for (let count = 0; count < 400; count++) ids.push(await say(text));
      await settle();
      expect(streams.count).toBe(100);
      await beat();
      await beat();
      await beat();
      expect(streams.count).toBe(0);
      const late = bodies[0] && readEventSource(bodies[0]);
      await late?.ended;
      expect(late?.state).toBe("broken");
      const resumed = await follow(ids[9]);
      await until(() => resumed.events.length === 390);
      expect(seen(resumed)).toEqual(ids.slice(10));
    });

    test("a slow reader is read for as it takes, and gets everything", async () => {
      const text = "x".repeat(2000);
      const ids: string[] = [];
      for (let count = 0; count < 300; count++) ids.push(await say(text));
      const opened = await body();
      const reader = opened?.getReader();
      const first = await reader?.read();
      await settle();
      expect(first?.value?.length).toBeLessThan(1024 * 1024);
      await reader?.releaseLock();
      const rest = opened && readEventSource(opened);
      await until(() => rest?.events.at(-1)?.lastEventId === ids.at(-1));
    });

    test("too many, in all or from one address, are refused until some leave [E22]", async () => {
      const own = openStreams(store, { totalMax: 3, perAddressMax: 2 });
      const from = (address: string) =>
        own.open({ scope: { assetId }, cursor: undefined, address, status: async () => status });
      const [first] = [await from("a"), await from("a")];
      await expect(from("a")).rejects.toMatchObject({ code: "unavailable", retryAfterMs: 10_000 });
      await from("b");
      await expect(from("c")).rejects.toMatchObject({ code: "unavailable" });
      await first?.cancel();
      expect(own.count).toBe(2);
      await from("a");
      own.close();
      expect(own.count).toBe(0);
    });

    test("closing ends every stream with a time to return, and opens no more [L03]", async () => {
      const readers = await Promise.all([1, 2, 3].map(() => follow()));
      await until(() => readers.every(({ retries }) => retries.length === 1));
      streams.close();
      await Promise.all(readers.map(({ ended }) => ended));
      expect(readers.map(({ state }) => state)).toEqual(["ended", "ended", "ended"]);
      expect(readers[0]?.retries).toEqual([2000, 5500]);
      await expect(body()).rejects.toMatchObject({ code: "unavailable" });
    });

    test("a crowd on one asset reads the log once for each event", async () => {
      let asked = 0;
      const crowd = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const opened = await streams.open({
            scope: { assetId },
            cursor: undefined,
            address: "a",
            async status() {
              asked += 1;
              return "open";
            },
          });
          return opened && readEventSource(opened);
        }),
      );
      await settle();
      asked = 0;
      await say();
      await until(() => crowd.every((reader) => reader?.events.length === 1));
      expect(asked).toBe(1);
    });
  });
}
