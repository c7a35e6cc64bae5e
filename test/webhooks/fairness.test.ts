import { expect, test } from "bun:test";
import { enqueue } from "../../src/jobs/queue.ts";
import { createDeliveryId, deliverJob, insertDelivery } from "../../src/webhooks/deliveries.ts";
import { endpointsAtOnce } from "../../src/webhooks/handfuls.ts";
import { sqlitePlace } from "../support/stores.ts";
import { until } from "../support/until.ts";
import { useWebhooks } from "../support/webhook-bench.ts";

const on = useWebhooks(sqlitePlace);
const messages = 60;

/** How long messages to a live endpoint take, in milliseconds, from the least to the most. */
async function latencies(url: string, came: () => number): Promise<readonly number[]> {
  const live = await on.subscribe(url);
  const taken: number[] = [];
  for (let count = 0; count < messages; count++) {
    const beganAtMs = performance.now();
    const before = came();
    await on.say(live);
    await until(() => came() > before);
    taken.push(performance.now() - beganAtMs);
  }
  return taken.toSorted((a, b) => a - b);
}

async function addWaiting(url: string, count: number): Promise<void> {
  const { projectId } = await on.subscribe(url);
  await on.store.write(async (tx) => {
    for (let index = 0; index < count; index++) {
      const about = { projectId, assetId: null, eventId: `evt_${index}`, eventType: "asset.test" };
      await insertDelivery(tx, { ...about, id: createDeliveryId(), url, payload: "{}" });
    }
    await enqueue(tx, { kind: deliverJob, subject: projectId });
  });
}

test.each([
  ["one dead host", 1, 1000, 10_000],
  ["a hundred dead hosts", 100, 10, 10_000],
  ["more dead hosts than there are places", 140, 10, 300],
])(
  "what waits for %s holds up no other by two seconds [W27]",
  async (_who, hosts, waiting, timeoutMs) => {
    const live = on.receiver();
    await on.open({ timeoutMs });
    for (let host = 0; host < hosts; host++) {
      const dead = on.receiver(() => new Promise<Response>(() => {}));
      await addWaiting(dead.url, waiting);
    }
    const taken = await latencies(live.url, () => live.received.length);
    expect(taken[Math.floor(messages * 0.95)]).toBeLessThan(2000);
  },
  30_000,
);

test("as many endpoints as are served at once, all hanging, leave the runtime room", async () => {
  const hung = Promise.withResolvers<never>();
  const reached: string[] = [];
  for (let count = 0; count < endpointsAtOnce; count++) {
    await addWaiting(`http://127.0.0.2:9/${count}`, 8);
  }
  await on.open({
    exchange: ({ url }) => {
      reached.push(url);
      return hung.promise;
    },
  });
  await until(() => new Set(reached).size === endpointsAtOnce);
  hung.reject(new Error("nobody answers"));
  // The runtime makes 256 requests at once, and has others to make.
  expect(reached.length).toBeLessThanOrEqual(212);
});
