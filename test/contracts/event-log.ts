import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store, Topic } from "../../src/db/store.ts";
import { append, newestEventId, readEvents } from "../../src/events/log.ts";
import type { EventPayload } from "../../src/events/wire-event.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { explain } from "../support/query-plan.ts";
import { addAsset, addProject } from "../support/rows.ts";
import type { StorePlace } from "./store.ts";

/** What the log of events promises on every engine. */
export function eventLogContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`event log on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;
    let projectId: string;
    let assetId: string;
    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
      projectId = await addProject(store);
      assetId = await addAsset(store, projectId);
    });
    afterEach(() => store.close());

    const say = (asset = assetId, payload: Partial<EventPayload> = {}) =>
      store.write((tx) =>
        append(tx, {
          projectId,
          assetId: asset,
          generationId: null,
          type: "queued",
          payload: {
            ts: clock.now(),
            asset_id: asset,
            attempt: 1,
            request_id: "req_1",
            ...payload,
          },
        }),
      );
    const idsOf = async (scope: { assetId: string } | { projectId: string }, after = 0) => {
      const rows = await readEvents(store.read, scope, { after, limit: 1000 });
      return rows.map(({ id }) => id);
    };

    test("an event has an id like a time, a message id, and the payload given", async () => {
      const payload = { error_msg: 'a "b"\n\u2028 ü \\', latency_ms: 12 };
      const { id } = await say(assetId, payload);
      expect(Math.abs(id - clock.now())).toBeLessThan(5000);
      const [event] = await readEvents(store.read, { assetId }, { after: 0, limit: 10 });
      expect(event?.event_id).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
      expect(JSON.parse(event?.payload ?? "")).toMatchObject(payload);
      expect([event?.project_id, event?.type]).toEqual([projectId, "queued"]);
    });

    test("events of one millisecond have different ids, in order [E07]", async () => {
      const ids = await store.write(async (tx) => {
        const made: number[] = [];
        for (let count = 0; count < 200; count++) {
          const { id } = await append(tx, {
            projectId,
            assetId,
            generationId: null,
            type: "queued",
            payload: { ts: 0, asset_id: assetId, attempt: 1, request_id: "req_1" },
          });
          made.push(id);
        }
        return made;
      });
      expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
      expect(await idsOf({ assetId })).toEqual(ids);
    });

    test("ids grow although the clock falls back an hour [L09, E24]", async () => {
      const before = await say();
      clock.step(-3_600_000);
      const after = await say();
      expect(after.id).toBe(before.id + 1);
    });

    test("50 writers at once: ids strictly grow, and a follower misses none [E08]", async () => {
      const followed: number[] = [];
      const follow = async () => {
        followed.push(...(await idsOf({ projectId }, followed.at(-1) ?? 0)));
      };
      let reading = Promise.resolve();
      store.subscribe(() => {
        reading = reading.then(follow);
      });
      const made = await Promise.all(Array.from({ length: 50 }, () => say()));
      await reading;
      await follow();
      const ids = made.map(({ id }) => id).toSorted((a, b) => a - b);
      expect(new Set(ids).size).toBe(50);
      expect(followed).toEqual(ids);
    });

    test("an asset's events and its project's share their ids", async () => {
      const other = await addAsset(store, projectId);
      const made = [await say(), await say(other), await say()].map(({ id }) => id);
      expect(await idsOf({ projectId })).toEqual(made);
      expect(await idsOf({ assetId })).toEqual([made[0] ?? 0, made[2] ?? 0]);
      expect(await idsOf({ projectId }, made[1])).toEqual(made.slice(2));
      expect(await newestEventId(store.read, { assetId: other })).toBe(made[1] ?? 0);
      expect(await newestEventId(store.read, { projectId })).toBe(made[2] ?? 0);
      expect(await newestEventId(store.read, { projectId: "none" })).toBe(0);
    });

    test("a read brings the oldest first, as many as asked for", async () => {
      const made = [await say(), await say(), await say()].map(({ id }) => id);
      const rows = await readEvents(store.read, { assetId }, { after: 0, limit: 2 });
      expect(rows.map(({ id }) => id)).toEqual(made.slice(0, 2));
    });

    test("an event wakes the readers of its asset and project, unless rolled back", async () => {
      const heard: (Topic | undefined)[] = [];
      store.subscribe((topic) => heard.push(topic));
      const failing = store.write(async (tx) => {
        await append(tx, {
          projectId,
          assetId,
          generationId: null,
          type: "ready",
          payload: { ts: 0, asset_id: assetId, attempt: 1, request_id: "req_1" },
        });
        throw new Error("on purpose");
      });
      await expect(failing).rejects.toThrow();
      expect([heard, await idsOf({ projectId })]).toEqual([[], []]);
      await say();
      expect(heard).toEqual([`asset:${assetId}`, `project:${projectId}`]);
    });

    test("an unknown project has no log", async () => {
      const saying = store.write((tx) =>
        append(tx, {
          projectId: "none",
          assetId: null,
          generationId: null,
          type: "queued",
          payload: { ts: 0, asset_id: "", attempt: 1, request_id: "req_1" },
        }),
      );
      await expect(saying).rejects.toMatchObject({ code: "not_found" });
    });

    test("neither replay nor the newest id scans the table", async () => {
      const steps = await explain(store, async ({ query }) => {
        for (const scope of [{ assetId }, { projectId }]) {
          await readEvents(query, scope, { after: 5, limit: 10 });
          await newestEventId(query, scope);
        }
      });
      // A table this small Postgres scans for good reason; SQLite goes by the definitions alone.
      if (!store.skipLocked) expect(steps.every((step) => step.startsWith("SEARCH"))).toBe(true);
      expect(steps.length).toBeGreaterThanOrEqual(4);
    });
  });
}
