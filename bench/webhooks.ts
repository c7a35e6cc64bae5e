import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { openStore } from "../src/db/open-store.ts";
import type { Store } from "../src/db/store.ts";
import { fanOutJob } from "../src/events/announce.ts";
import { append } from "../src/events/log.ts";
import { enqueue } from "../src/jobs/queue.ts";
import { openRunner } from "../src/jobs/runner.ts";
import { createGuardedClient } from "../src/net/client.ts";
import { createSealer } from "../src/projects/seal.ts";
import { attemptTimeoutMs, hostSlots } from "../src/webhooks/attempt.ts";
import { createDeliver } from "../src/webhooks/deliver.ts";
import { createDeliveryId, deliverJob, insertDelivery } from "../src/webhooks/deliveries.ts";
import { createFanOut } from "../src/webhooks/fan-out.ts";
import { updateWebhookSettings } from "../src/webhooks/settings.ts";
import { addAsset, addProject } from "../test/support/rows.ts";
import { silentLog } from "../test/support/silent-log.ts";
import { openReceiver, type Receiver } from "../test/support/webhook-receiver.ts";
import { waitQuiet } from "./measure/gate.ts";
import { parseOptions, wholeNumber } from "./measure/options.ts";
import { type Figure, printReport } from "./measure/report.ts";
import { median, percentile } from "./measure/windows.ts";
import { makeScratch, withCleanup } from "./servers/server.ts";

/**
 * How long a message takes from its event to a live endpoint, one after the other: alone, and with
 * a thousand messages waiting for a host that takes them and never answers. The database is a file,
 * sender and receivers share this process: `bun bench/main.ts webhooks [--waiting 1000]`.
 */

const messagesPerRound = 200;
const p95MsMax = 2000;
const sealer = createSealer("a secret for benchmarks");

export async function benchWebhooks(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { waiting: "string" });
  const waiting = wholeNumber("waiting", options.flag("waiting") ?? "1000", { min: 1, max: 1e5 });
  const figures = await withCleanup(async (defer) => {
    const folder = await makeScratch(defer);
    const alone = await openSender(join(folder, "alone"), defer);
    const beside = await openSender(join(folder, "beside"), defer);
    const dead = openReceiver(() => new Promise<Response>(() => {}));
    defer(dead.close);
    await addWaiting(beside.store, dead, waiting);
    const rounds: { readonly alone: readonly number[]; readonly beside: readonly number[] }[] = [];
    for (let round = 0; round <= options.rounds; round++) {
      await waitQuiet(options.patienceMs);
      rounds.push({ alone: await alone.send(), beside: await beside.send() });
    }
    // The first loads code and fills caches.
    return figuresOf(rounds.slice(1), waiting);
  });
  printReport({ bench: "webhooks", figures, kept: options.rounds, discarded: 0 }, options);
}

function figuresOf(
  rounds: readonly { readonly alone: readonly number[]; readonly beside: readonly number[] }[],
  waiting: number,
): readonly Figure[] {
  const figure = (share: number, target: Figure["target"]): Figure => ({
    goal: target ? "W27" : "",
    name: `p${share * 100} to a live endpoint, ${waiting} waiting for a dead one`,
    unit: "ms",
    anchor: { name: "alone", value: median(rounds.map(({ alone }) => percentile(alone, share))) },
    ours: median(rounds.map(({ beside }) => percentile(beside, share))),
    target,
  });
  return [figure(0.5, undefined), figure(0.95, { valueMax: p95MsMax }), figure(0.99, undefined)];
}

type Defer = (close: () => unknown) => void;

async function openSender(dataDir: string, defer: Defer) {
  const log = silentLog;
  const clock = systemClock;
  const config = { kind: "sqlite", path: `${dataDir}.db` } as const;
  const store = await openStore(config, { clock, log });
  defer(() => store.close());
  const { exchange } = createGuardedClient(
    { now: Date.now, ownOrigins: () => [], slots: hostSlots },
    { allowPrivate: ["127.0.0.0/8"] },
  );
  const sending = { store, clock, log, sealer, exchange, timeoutMs: attemptTimeoutMs };
  const clipUrl = (assetId: string) => `http://localhost/r2/assets/${assetId}.mp4`;
  const handlers = {
    [fanOutJob]: createFanOut({ store, clock, createId: createDeliveryId, clipUrl }),
    [deliverJob]: createDeliver({ ...sending, random: Math.random }),
  };
  const runner = await openRunner({ store, handlers, concurrency: 2, worker: "w", clock, log });
  defer(() => runner.close());
  const live = openReceiver();
  defer(live.close);
  const projectId = await subscribe(store, live);
  const assetId = await addAsset(store, projectId);
  return { store, send: () => sendMany(store, live, { projectId, assetId }) };
}

/** A project whose messages go to the receiver. */
async function subscribe(store: Store, { origin, url }: Receiver): Promise<string> {
  const projectId = await addProject(store);
  await store.write((tx) =>
    tx.query
      .updateTable("projects")
      .set({ allowed_origins: JSON.stringify([origin]) })
      .where("id", "=", projectId)
      .execute(),
  );
  const who = { projectId, userId: `usr_${projectId}` };
  await updateWebhookSettings({ store, sealer }, who, { url, isEnabled: true });
  return projectId;
}

async function addWaiting(store: Store, dead: Receiver, count: number): Promise<void> {
  const projectId = await subscribe(store, dead);
  await store.write(async (tx) => {
    for (let index = 0; index < count; index++) {
      const about = { projectId, assetId: null, eventType: "asset.test", payload: "{}" };
      const id = createDeliveryId();
      await insertDelivery(tx, { ...about, id, eventId: `evt_${index}`, url: dead.url });
    }
    await enqueue(tx, { kind: deliverJob, subject: projectId });
  });
}

/** @returns the milliseconds from each event's transaction to its message's arrival. */
async function sendMany(
  store: Store,
  live: Receiver,
  { projectId, assetId }: { readonly projectId: string; readonly assetId: string },
): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let count = 0; count < messagesPerRound; count++) {
    const arrived = Promise.withResolvers<void>();
    live.answer(() => {
      arrived.resolve();
      return new Response(null, { status: 204 });
    });
    const payload = { ts: Date.now(), asset_id: assetId, attempt: 1, request_id: "req_bench" };
    const beganAtMs = performance.now();
    await store.write((tx) =>
      append(tx, { projectId, assetId, generationId: null, type: "ready", payload }),
    );
    await arrived.promise;
    taken.push(performance.now() - beganAtMs);
  }
  return taken;
}
