import { describe, expect, test } from "bun:test";
import { Webhook } from "standardwebhooks";
import { hasEnded } from "../../src/assets/store.ts";
import { append } from "../../src/events/log.ts";
import { createDeliveryId, deliveriesKept, insertDelivery } from "../../src/webhooks/deliveries.ts";
import { perEndpointMax } from "../../src/webhooks/handfuls.ts";
import { redeliver } from "../../src/webhooks/redeliver.ts";
import {
  overlapMs,
  rotateWebhookSecret,
  updateWebhookSettings,
} from "../../src/webhooks/settings.ts";
import { codeOf } from "../support/app-error.ts";
import { until } from "../support/until.ts";
import { useWebhooks } from "../support/webhook-bench.ts";
import type { Received } from "../support/webhook-receiver.ts";
import type { StorePlace } from "./store.ts";

/** What messages to endpoints promise on every engine. */
export function webhookContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`webhooks on ${name}`, () => {
    const on = useWebhooks(createPlace);

    test("an event becomes a signed message, told before and after on the log [W17, W21]", async () => {
      const receiver = on.receiver();
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      const event = await on.say(subscriber);
      const delivery = await on.delivery(subscriber.projectId, (it) => it.status === "delivered");
      const [message] = receiver.received;
      if (!message) throw new Error("no message");
      expect(message.json).toEqual({
        id: event.event_id,
        type: "asset.completed",
        ts: JSON.parse(event.payload).ts,
        asset_id: subscriber.assetId,
        project_id: subscriber.projectId,
        request_id: "req_test",
        data: {
          mp4_url: `https://motion.example/r2/assets/${subscriber.assetId}.mp4`,
          bytes: null,
          loop_mode: null,
        },
      });
      expect(message.headers).toMatchObject({
        "content-type": "application/json",
        "user-agent": "Motioness",
        "webhook-id": event.event_id,
      });
      expect(new Webhook(subscriber.secret).verify(message.body, message.headers)).toEqual(
        message.json,
      );
      expect(delivery).toMatchObject({
        event_id: event.event_id,
        attempt: 1,
        response_code: 200,
        next_attempt_at: null,
        payload: message.body,
        error: null,
      });
      const told = await on.told(subscriber.assetId);
      expect(told).toEqual(["webhook_dispatched 1", "webhook_delivered 1"]);
    });

    test("only what is subscribed to is told, under its public name", async () => {
      const receiver = on.receiver();
      const events = ["asset.stage_completed", "asset.retry_scheduled"] as const;
      const subscriber = await on.subscribe(receiver.url, { events });
      await on.open();
      const spoken = ["queued", "vision_started", "vision_completed", "retry_scheduled"] as const;
      for (const type of spoken) await on.say(subscriber, type);
      await on.say(subscriber, "stage_completed", { stage: "stage1", latency_ms: 4820 });
      for (const type of ["r2_write_completed", "ready", "cancelled"] as const) {
        await on.say(subscriber, type);
      }
      await until(() => receiver.received.length === 4);
      await on.idle();
      // In whatever order: none is promised.
      const said = receiver.received.map(({ json }) => [json["type"], json["data"]]);
      const told = [
        ["asset.stage_completed", { stage: "vision", latency_ms: null, attempt: 1 }],
        ["asset.retry_scheduled", { stage: null, attempt: 1 }],
        ["asset.stage_completed", { stage: "stage1", latency_ms: 4820, attempt: 1 }],
        ["asset.stage_completed", { stage: "r2_write", latency_ms: null, attempt: 1 }],
      ];
      expect(said).toHaveLength(told.length);
      expect(said).toEqual(expect.arrayContaining(told));
    });

    test.each([200, 201, 204, 299])("%i is a delivery [W01]", async (status) => {
      const receiver = on.receiver(status);
      const { projectId, ...subscriber } = await on.subscribe(receiver.url);
      await on.open();
      await on.say({ projectId, ...subscriber });
      const delivery = await on.delivery(projectId, ({ attempt }) => attempt === 1);
      expect(delivery).toMatchObject({ status: "delivered", response_code: status });
      expect(delivery.delivered_at).toBeGreaterThan(0);
    });

    test.each([301, 302, 303, 307, 308])(
      "%i is a failure, and not followed [W02]",
      async (status) => {
        const elsewhere = on.receiver();
        const headers = { location: elsewhere.url };
        const receiver = on.receiver(() => new Response(null, { status, headers }));
        const subscriber = await on.subscribe(receiver.url);
        await on.open();
        await on.say(subscriber);
        const delivery = await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
        expect(delivery).toMatchObject({ status: "failed", response_code: status });
        expect(elsewhere.received).toEqual([]);
      },
    );

    test("410 switches the endpoint off, and what waits for it is given up [W03]", async () => {
      const receiver = on.receiver(500);
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      await on.say(subscriber, "failed", { error_code: "i2v_failed", error_msg: "no" });
      await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      receiver.answer(410);
      await on.say(subscriber);
      await until(async () => {
        const all = await on.deliveries(subscriber.projectId);
        return all.length === 2 && all.every(({ status }) => status === "dead");
      });
      await on.say(subscriber);
      await on.idle();
      expect(receiver.received).toHaveLength(2);
      expect(await on.deliveries(subscriber.projectId)).toHaveLength(2);
    });

    test("one that never answers is late, and holds up no other [W07]", async () => {
      const silent = on.receiver(() => new Promise<Response>(() => {}));
      const live = on.receiver();
      const [slow, quick] = [await on.subscribe(silent.url), await on.subscribe(live.url)];
      await on.open({ timeoutMs: 150 });
      for (let count = 0; count < 4; count++) await on.say(slow);
      await until(() => silent.received.length > 0);
      await on.say(quick);
      await on.delivery(quick.projectId, ({ status }) => status === "delivered");
      await until(async () =>
        (await on.deliveries(slow.projectId)).every(({ attempt }) => attempt === 1),
      );
      const late = await on.deliveries(slow.projectId);
      expect(new Set(late.map(({ error }) => error))).toEqual(
        new Set(["the endpoint did not answer within 0.15 seconds"]),
      );
    });

    test("so many are sent to one endpoint at once, and no more [W31]", async () => {
      const receiver = on.receiver(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return new Response(null);
      });
      const subscriber = await on.subscribe(receiver.url);
      for (let count = 0; count < 100; count++) await on.say(subscriber);
      await on.open();
      await until(() => receiver.received.length === 100);
      expect(receiver.mostAtOnce()).toBeLessThanOrEqual(perEndpointMax);
    });

    test("a rotated secret and the one before sign together for a day [W18]", async () => {
      const receiver = on.receiver();
      const { who, secret, ...subscriber } = await on.subscribe(receiver.url);
      const next = await rotateWebhookSecret(on, who);
      await on.open();
      await on.say(subscriber);
      await until(() => receiver.received.length === 1);
      await on.idle();
      await on.pass(overlapMs + 1000);
      await on.say(subscriber);
      await until(() => receiver.received.length === 2);
      const verifies = (index: number, by: string) => {
        const { headers = {}, body = "" }: Partial<Received> = receiver.received[index] ?? {};
        const tokens = headers["webhook-signature"]?.split(" ") ?? [];
        expect(tokens).toHaveLength(2 - index);
        const id = headers["webhook-id"] ?? "";
        const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
        return tokens.includes(new Webhook(by).sign(id, at, body));
      };
      expect([verifies(0, secret), verifies(0, next)]).toEqual([true, true]);
      expect([verifies(1, secret), verifies(1, next)]).toEqual([false, true]);
    });

    test.each([
      ["switched off", { isEnabled: false }],
      ["removed", { url: null }],
    ] as const)("an endpoint that is %s hears nothing more [W25]", async (_how, changes) => {
      const receiver = on.receiver(500);
      const subscriber = await on.subscribe(receiver.url);
      const { projectId, assetId, who } = subscriber;
      await on.open();
      await on.say(subscriber);
      await on.delivery(projectId, ({ attempt }) => attempt === 1);
      await updateWebhookSettings(on, who, changes);
      await on.delivery(projectId, ({ status }) => status === "dead");
      await on.say(subscriber);
      await on.pass(3 * 60 * 60_000);
      await on.idle();
      expect(receiver.received).toHaveLength(1);
      expect((await on.told(assetId)).at(-1)).toBe("webhook_dead_letter 1");
      const [dead] = await on.deliveries(projectId);
      const again = redeliver({ ...on, createId: createDeliveryId }, who, dead?.id ?? "");
      expect(await codeOf(again)).toBe("conflict");
    });

    test("nothing more is said of an asset only when its messages are over [E11]", async () => {
      const receiver = on.receiver(500);
      const subscriber = await on.subscribe(receiver.url);
      const { assetId, projectId } = subscriber;
      await on.store.write(async (tx) => {
        await tx.query
          .insertInto("generations")
          .values(endedGeneration(assetId, projectId))
          .execute();
        const newest = { newest_generation_id: `gen_${assetId}`, generation_count: 1 };
        await tx.query.updateTable("assets").set(newest).where("id", "=", assetId).execute();
      });
      expect(await hasEnded(on.store.read, assetId)).toBe(true);
      await on.say(subscriber);
      expect(await hasEnded(on.store.read, assetId)).toBe(false);
      await on.open();
      await on.delivery(projectId, ({ status }) => status === "failed");
      expect(await hasEnded(on.store.read, assetId)).toBe(false);
      receiver.answer(200);
      await on.idle();
      await on.pass(31_000);
      await on.delivery(projectId, ({ status }) => status === "delivered");
      expect(await hasEnded(on.store.read, assetId)).toBe(true);
    });

    test("the last thousand are kept, and whatever waits still", async () => {
      const { projectId } = await on.subscribe("http://127.0.0.2:1/hooks", { isEnabled: false });
      const add = (count: number, isWaiting: boolean) =>
        on.store.write(async (tx) => {
          for (let index = 0; index < count; index++) {
            const about = { projectId, assetId: null, eventId: "evt_x", eventType: "asset.test" };
            const id = createDeliveryId();
            await insertDelivery(tx, { ...about, id, url: "http://x", payload: "{}" });
          }
          if (isWaiting) return;
          const over = { status: "dead", next_attempt_at: null };
          await tx.query
            .updateTable("deliveries")
            .set(over)
            .where("status", "=", "pending")
            .execute();
        });
      await add(10, false);
      await on.pass(1);
      await add(deliveriesKept - 5, true);
      expect(await on.deliveries(projectId)).toHaveLength(deliveriesKept);
      await add(20, true);
      expect(await on.deliveries(projectId)).toHaveLength(deliveriesKept + 15);
    });

    test("an event that is taken back with its transaction is told to nobody", async () => {
      const receiver = on.receiver();
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      const { projectId, assetId } = subscriber;
      const payload = { ts: 0, asset_id: assetId, attempt: 1, request_id: "req_test" };
      const lost = on.store.write(async (tx) => {
        await append(tx, { projectId, assetId, generationId: null, type: "ready", payload });
        throw new Error("undone");
      });
      await expect(lost).rejects.toThrow("undone");
      await on.idle();
      expect(receiver.received).toEqual([]);
    });
  });
}

function endedGeneration(assetId: string, projectId: string) {
  return {
    id: `gen_${assetId}`,
    asset_id: assetId,
    project_id: projectId,
    number: 1,
    state: "ready",
    motion: "medium",
    mode: "loop",
    dur_seconds: 4,
    seed: 1,
    aspect: "preserve",
    cost_usd_micros: 0,
    charged: 0,
    stage_attempts: 0,
    request_id: "req_test",
    created_at: 1,
    progressed_at: 1,
  } as const;
}
