import { afterEach, beforeEach } from "bun:test";
import type { Delivery } from "../../src/db/schema.ts";
import type { Store } from "../../src/db/store.ts";
import { fanOutJob } from "../../src/events/announce.ts";
import { append, readEvents } from "../../src/events/log.ts";
import type { EventPayload, WireEvent } from "../../src/events/wire-event.ts";
import { openRunner, type Runner } from "../../src/jobs/runner.ts";
import { createGuardedClient } from "../../src/net/client.ts";
import type { Exchange } from "../../src/net/exchange.ts";
import type { ProjectUser } from "../../src/projects/change.ts";
import { createSealer } from "../../src/projects/seal.ts";
import { hostSlots } from "../../src/webhooks/attempt.ts";
import { createDeliver } from "../../src/webhooks/deliver.ts";
import { createDeliveryId, deliverJob, listDeliveries } from "../../src/webhooks/deliveries.ts";
import { createFanOut } from "../../src/webhooks/fan-out.ts";
import { updateWebhookSettings, type WebhookChanges } from "../../src/webhooks/settings.ts";
import type { StorePlace } from "../contracts/store.ts";
import { createManualClock } from "./manual-clock.ts";
import { createRecordingLog } from "./recording-log.ts";
import { addAsset, addProject } from "./rows.ts";
import { settle, until } from "./until.ts";
import { openReceiver, type Receiver, type ReceiverAnswer } from "./webhook-receiver.ts";

export interface WebhookRun {
  readonly timeoutMs?: number;
  /** Uniform in [0, 1). In the middle nothing is varied. */
  readonly random?: () => number;
  readonly exchange?: Exchange;
  readonly worker?: string;
}

/** A machine whose internet is 127.0.0.2 alone. */
export function createWebhookExchange(
  resolve?: (hostname: string) => Promise<readonly string[]>,
): Exchange {
  const deps = { now: Date.now, ownOrigins: () => [], slots: hostSlots };
  return createGuardedClient(
    { ...deps, ...(resolve && { resolve }) },
    { allowPrivate: ["127.0.0.2/32"] },
  ).exchange;
}

/** A fresh store for each test, projects with endpoints on it, and what sends their messages. */
export function useWebhooks(createPlace: () => Promise<StorePlace>) {
  const sealer = createSealer("the secret of a server");
  let clock = createManualClock();
  let log = createRecordingLog();
  let store: Store;
  const closers: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    clock = createManualClock();
    log = createRecordingLog();
    store = await (await createPlace()).open(clock);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await store.close();
  });

  const deliveries = (projectId: string) =>
    listDeliveries(store.read, { projectId, status: undefined, after: undefined, limit: 2000 });
  const open = async (run: WebhookRun = {}): Promise<Runner> => {
    const handlers = {
      [fanOutJob]: createFanOut({
        store,
        clock,
        createId: createDeliveryId,
        clipUrl: (assetId) => `https://motion.example/r2/assets/${assetId}.mp4`,
      }),
      [deliverJob]: createDeliver({
        store,
        clock,
        log,
        sealer,
        exchange: run.exchange ?? createWebhookExchange(),
        timeoutMs: run.timeoutMs ?? 5000,
        random: run.random ?? (() => 0.5),
      }),
    };
    const worker = run.worker ?? "a";
    const runner = await openRunner({ store, handlers, concurrency: 2, worker, clock, log });
    closers.push(runner.close);
    return runner;
  };
  return {
    sealer,
    get clock() {
      return clock;
    },
    get log() {
      return log;
    },
    get store() {
      return store;
    },
    open,
    receiver(answer?: ReceiverAnswer | number): Receiver {
      const receiver = openReceiver(answer);
      closers.push(receiver.close);
      return receiver;
    },
    deliveries,
    /** A project with an asset whose messages go to `url`. */
    async subscribe(url: string, changes: WebhookChanges = {}) {
      const projectId = await addProject(store);
      const assetId = await addAsset(store, projectId);
      const allowed_origins = JSON.stringify([new URL(url).origin]);
      await store.write((tx) =>
        tx.query
          .updateTable("projects")
          .set({ allowed_origins })
          .where("id", "=", projectId)
          .execute(),
      );
      const who: ProjectUser = { projectId, userId: `usr_${projectId}` };
      const settings = { url, isEnabled: true, ...changes };
      const { secret = "" } = await updateWebhookSettings({ store, sealer }, who, settings);
      return { projectId, assetId, who, secret };
    },
    /** Something happens to an asset. @returns the event. */
    say: (
      { projectId, assetId }: { readonly projectId: string; readonly assetId: string },
      type: WireEvent = "ready",
      payload: Partial<EventPayload> = {},
    ) =>
      store.write((tx) => {
        const base = { ts: clock.now(), asset_id: assetId, attempt: 1, request_id: "req_test" };
        return append(tx, {
          projectId,
          assetId,
          generationId: null,
          type,
          payload: { ...base, ...payload },
        });
      }),
    /** The one delivery of a project, once it is as asked for. */
    async delivery(projectId: string, isSo: (delivery: Delivery) => boolean): Promise<Delivery> {
      let found: Delivery | undefined;
      await until(async () => {
        found = (await deliveries(projectId))[0];
        return found !== undefined && isSo(found);
      });
      if (!found) throw new Error("no delivery");
      return found;
    },
    /** Resolves when no message is to be made or sent now. */
    idle: () =>
      until(async () => {
        const due = await store.read
          .selectFrom("jobs")
          .select("id")
          .where((e) => e.or([e("due_at", "<=", store.now), e("worker", "is not", null)]))
          .execute();
        return due.length === 0;
      }),
    /** Lets time pass. The runner, which may have looked just before that, looks again. */
    async pass(ms: number): Promise<void> {
      clock.advance(ms);
      await settle();
      await store.write(async (tx) => tx.wake("jobs"));
    },
    /** The names of an asset's events about messages, each with its attempt. */
    async told(assetId: string): Promise<readonly string[]> {
      const rows = await readEvents(store.read, { assetId }, { after: 0, limit: 1000 });
      return rows
        .filter(({ type }) => type.startsWith("webhook_"))
        .map(({ type, payload }) => `${type} ${(JSON.parse(payload) as EventPayload).attempt}`);
    },
  };
}
