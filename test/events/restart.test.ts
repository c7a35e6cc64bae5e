import { expect, test } from "bun:test";
import { append } from "../../src/events/log.ts";
import { openEventStreams } from "../../src/events/stream.ts";
import { readEventSource } from "../support/event-source.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { addAsset, addProject } from "../support/rows.ts";
import { silentLog } from "../support/silent-log.ts";
import { sqlitePlace } from "../support/stores.ts";
import { until } from "../support/until.ts";

const readersMax = 1000;
/** What a server takes on in a second without anybody noticing. */
const perSecondMax = 200;

test("a thousand readers come back after a restart spread out, and miss nothing [E18]", async () => {
  const clock = createManualClock();
  const store = await (await sqlitePlace()).open(clock);
  const projectId = await addProject(store);
  const assetId = await addAsset(store, projectId);
  const say = async () => {
    const payload = { ts: 0, asset_id: assetId, attempt: 1, request_id: "req_1" };
    const event = { projectId, assetId, generationId: null, type: "queued", payload } as const;
    return String((await store.write((tx) => append(tx, event))).id);
  };
  const limits = { totalMax: readersMax, perAddressMax: readersMax };
  const openStreams = () =>
    openEventStreams({ store, clock, log: silentLog, random: Math.random, limits });
  const follow = async (streams: ReturnType<typeof openStreams>, cursor?: string) => {
    const body = await streams.open({
      scope: { assetId },
      cursor: cursor === undefined ? undefined : Number(cursor),
      address: "192.0.2.1",
      status: async () => "open",
    });
    if (!body) throw new Error("nothing to follow");
    return readEventSource(body);
  };
  const seen = (reader: Awaited<ReturnType<typeof follow>>) =>
    reader.events.map(({ lastEventId }) => lastEventId);

  const before = openStreams();
  const readers = await Promise.all(Array.from({ length: readersMax }, () => follow(before)));
  const told = [await say(), await say()];
  await until(() => readers.every(({ events }) => events.length === told.length));
  before.close();
  await Promise.all(readers.map(({ ended }) => ended));
  const missed = [await say(), await say()];

  const waitsMs = readers.map(({ retries }) => retries.at(-1) ?? 0);
  const bySecond = Map.groupBy(waitsMs, (waitMs) => Math.floor(waitMs / 1000));
  const crowds = [...bySecond.values()].map(({ length }) => length);
  expect(Math.max(...waitsMs)).toBeLessThanOrEqual(10_000);
  expect(Math.max(...crowds)).toBeLessThanOrEqual(perSecondMax);

  const after = openStreams();
  const back = await Promise.all(readers.map((reader) => follow(after, seen(reader).at(-1))));
  await until(() => back.every(({ events }) => events.length === missed.length));
  for (const reader of readers) expect(seen(reader)).toEqual(told);
  for (const reader of back) expect(seen(reader)).toEqual(missed);
  after.close();
  await store.close();
});
