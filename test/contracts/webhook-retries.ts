import { describe, expect, test } from "bun:test";
import { isAnnouncing } from "../../src/events/announce.ts";
import { webhookDelaysMs } from "../../src/jobs/backoff.ts";
import { resumeDeliveries } from "../../src/webhooks/deliver.ts";
import {
  createDeliveryId,
  findDue,
  insertDelivery,
  listDeliveries,
} from "../../src/webhooks/deliveries.ts";
import { redeliver } from "../../src/webhooks/redeliver.ts";
import { updateWebhookSettings } from "../../src/webhooks/settings.ts";
import { codeOf } from "../support/app-error.ts";
import { explain } from "../support/query-plan.ts";
import { until } from "../support/until.ts";
import { useWebhooks } from "../support/webhook-bench.ts";
import type { StorePlace } from "./store.ts";

const minute = 60_000;
/** The waits before the second to the sixth attempt, as the public pages give them. */
const waitsMs = [30_000, 2 * minute, 10 * minute, 30 * minute, 120 * minute];

/** What happens on every engine to a message that was not taken at once. */
export function webhookRetryContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`webhooks that are tried again on ${name}`, () => {
    const on = useWebhooks(createPlace);

    test.each([400, 404, 500])("%i is tried again [W05]", async (status) => {
      const receiver = on.receiver(() => new Response("why\0not", { status }));
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      await on.say(subscriber);
      const delivery = await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      expect(delivery).toMatchObject({
        status: "failed",
        response_code: status,
        response_body_preview: "why\uFFFDnot",
        error: `the endpoint answered ${status}`,
      });
    });

    /** Has every attempt of one message fail, each at its time and not before. */
    const exhaust = async (draw: number, factor: number) => {
      const receiver = on.receiver(503);
      const subscriber = await on.subscribe(receiver.url);
      const { projectId } = subscriber;
      await on.open({ random: () => draw });
      await on.say(subscriber);
      for (const [index, waitMs] of waitsMs.entries()) {
        const delivery = await on.delivery(projectId, ({ attempt }) => attempt === index + 1);
        expect(delivery.status).toBe("failed");
        await on.idle();
        await on.pass(Math.round(waitMs * factor) - 1000);
        await on.idle();
        expect(receiver.received).toHaveLength(index + 1);
        await on.pass(2000);
      }
      const dead = await on.delivery(projectId, ({ status }) => status === "dead");
      await on.idle();
      return { receiver, dead, ...subscriber };
    };

    test("a message is sent again after 30 s, 2 m, 10 m, 30 m and 2 h, then dead [W22]", async () => {
      expect(waitsMs).toEqual(webhookDelaysMs.slice(1));
      const { receiver, dead, assetId, projectId } = await exhaust(0.5, 1);
      expect([dead.attempt, dead.next_attempt_at]).toEqual([6, null]);
      const logged = on.log.lines.filter(({ message }) => message === "webhook_dead");
      expect(logged).toMatchObject([{ fields: { delivery_id: dead.id, project_id: projectId } }]);
      await on.pass(24 * 60 * minute);
      await on.idle();
      expect(receiver.received).toHaveLength(6);
      expect(await on.told(assetId)).toEqual([
        "webhook_dispatched 1",
        ...[1, 2, 3, 4, 5, 6].map((attempt) => `webhook_failed ${attempt}`),
        "webhook_dead_letter 6",
      ]);
    });

    test.each([
      [0, 0.8],
      [0.9999999, 1.2],
    ])(
      "its waits vary by a fifth: drawn %d, they are %d times as long [W22]",
      async (draw, factor) => {
        expect((await exhaust(draw, factor)).receiver.received).toHaveLength(6);
      },
    );

    test("a dead one can be had again by hand, by the same id [W23]", async () => {
      const { receiver, dead, who, projectId } = await exhaust(0.5, 1);
      receiver.answer(200);
      const again = await redeliver({ ...on, createId: createDeliveryId }, who, dead.id);
      const second = await on.delivery(projectId, ({ id, status }) => {
        return id === again && status === "delivered";
      });
      expect([second.event_id, second.attempt]).toEqual([dead.event_id, 1]);
      expect(receiver.received.at(-1)?.body).toBe(receiver.received[0]?.body ?? "");
    });

    test("a later time that the receiver asks for counts", async () => {
      const headers = { "retry-after": "3600" };
      const receiver = on.receiver(() => new Response(null, { status: 429, headers }));
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      await on.say(subscriber);
      await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      await on.idle();
      await on.pass(59 * minute);
      await on.idle();
      expect(receiver.received).toHaveLength(1);
      await on.pass(2 * minute);
      await until(() => receiver.received.length === 2);
    });

    test("repeats have the same id and body, another time and signature [W19]", async () => {
      const receiver = on.receiver(500);
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      await on.say(subscriber);
      await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      await on.idle();
      await on.pass(31_000);
      await until(() => receiver.received.length === 2);
      const [first, second] = receiver.received;
      expect(second?.body).toBe(first?.body ?? "");
      expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"] ?? "");
      for (const header of ["webhook-timestamp", "webhook-signature"]) {
        expect(second?.headers[header]).not.toBe(first?.headers[header]);
      }
    });

    test("a receiver that was down for half an hour has everything after a restart [W06]", async () => {
      const receiver = on.receiver(503);
      const subscriber = await on.subscribe(receiver.url);
      const runner = await on.open();
      await on.say(subscriber);
      await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      await runner.close();
      await on.pass(30 * minute);
      receiver.answer(200);
      await on.open({ worker: "b" });
      await on.delivery(subscriber.projectId, ({ status }) => status === "delivered");
      expect(receiver.received).toHaveLength(2);
    });

    test("a message goes to where the endpoint is now", async () => {
      const [before, after] = [on.receiver(500), on.receiver()];
      const subscriber = await on.subscribe(before.url);
      await on.open();
      await on.say(subscriber);
      await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      const allowed_origins = JSON.stringify([before.origin, after.origin]);
      await on.store.write((tx) =>
        tx.query.updateTable("projects").set({ allowed_origins }).execute(),
      );
      await updateWebhookSettings(on, subscriber.who, { url: after.url });
      await on.idle();
      await on.pass(31_000);
      const delivery = await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 2);
      expect([delivery.status, delivery.url]).toEqual(["delivered", after.url]);
    });

    test("an asset that failed is told of with the step that did", async () => {
      const receiver = on.receiver();
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      const why = { error_code: "i2v_failed", error_msg: "no" };
      await on.say(subscriber, "stage_failed", { stage: "stage2", ...why });
      await on.say(subscriber, "failed", why);
      await until(() => receiver.received.length === 1);
      await on.say(subscriber, "queued");
      await on.say(subscriber, "failed", why);
      await until(() => receiver.received.length === 2);
      const data = receiver.received.map(({ json }) => json["data"]);
      expect(data).toEqual([{ ...why, stage: "stage2" }, why]);
    });

    test("what waits is found without looking at what is over", async () => {
      const steps = await explain(on.store, async ({ query, now }) => {
        await findDue(query, "proj_1", 8, now);
        await listDeliveries(query, {
          ...{ projectId: "proj_1", status: undefined, limit: 50 },
          after: { createdAt: 1, id: "dlv_1" },
        });
        await isAnnouncing(query, "asset_1");
      });
      expect(steps.length).toBeGreaterThan(2);
      // A table this small Postgres scans for good reason; SQLite goes by the definitions alone.
      if (on.store.skipLocked) return;
      expect(steps[0]).toContain("deliveries_waiting");
      expect(steps[1]).toContain("deliveries_by_project");
      expect(steps[2]).toContain("jobs_by_due");
      expect(steps.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
    });

    test("what waits is sent after the next start, though its job was lost", async () => {
      const receiver = on.receiver();
      const subscriber = await on.subscribe(receiver.url);
      const { projectId } = subscriber;
      const id = createDeliveryId();
      const about = { projectId, assetId: null, eventId: "evt_1", eventType: "asset.test" };
      await on.store.write((tx) =>
        insertDelivery(tx, { ...about, id, url: receiver.url, payload: "{}" }),
      );
      await on.open();
      await on.idle();
      expect(receiver.received).toHaveLength(0);
      await resumeDeliveries(on.store);
      await on.delivery(projectId, ({ status }) => status === "delivered");
      await resumeDeliveries(on.store);
      await on.idle();
      expect(receiver.received).toHaveLength(1);
    });

    test("what was sent and not recorded is sent again, by the same id [W26, K14]", async () => {
      const reached = Promise.withResolvers<void>();
      const receiver = on.receiver(() => {
        reached.resolve();
        return new Promise<Response>(() => {});
      });
      const subscriber = await on.subscribe(receiver.url);
      const doomed = await on.open();
      await on.say(subscriber);
      await reached.promise;
      await doomed.close();
      receiver.answer(200);
      await on.open({ worker: "b" });
      const delivery = await on.delivery(subscriber.projectId, (it) => it.status === "delivered");
      expect(delivery.attempt).toBe(1);
      const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
      expect(ids).toEqual([delivery.event_id, delivery.event_id]);
    });

    test("of an asset that is deleted meanwhile, nothing more is told", async () => {
      const receiver = on.receiver();
      const subscriber = await on.subscribe(receiver.url);
      const { projectId, assetId, who } = subscriber;
      const runner = await on.open();
      await on.say(subscriber);
      const { id } = await on.delivery(projectId, (it) => it.status === "delivered");
      await runner.close();
      // What a transaction sees that began before the deletion: message and event are there.
      await on.say(subscriber);
      await on.store.write((tx) =>
        tx.query
          .updateTable("assets")
          .set({ deleted_at: tx.now })
          .where("id", "=", assetId)
          .execute(),
      );
      const deps = { ...on, createId: createDeliveryId };
      expect(await codeOf(redeliver(deps, who, id))).toBe("not_found");
      await on.open({ worker: "b" });
      await on.idle();
      expect((await on.deliveries(projectId)).map((it) => it.id)).toEqual([id]);
      expect(receiver.received).toHaveLength(1);
    });

    test("an endpoint of a project that was deleted hears nothing more", async () => {
      const receiver = on.receiver(500);
      const subscriber = await on.subscribe(receiver.url);
      await on.open();
      await on.say(subscriber);
      await on.delivery(subscriber.projectId, ({ attempt }) => attempt === 1);
      await on.store.write((tx) =>
        tx.query.updateTable("projects").set({ deleted_at: 1 }).execute(),
      );
      await on.idle();
      await on.pass(31_000);
      await on.delivery(subscriber.projectId, ({ status }) => status === "dead");
      expect(receiver.received).toHaveLength(1);
    });
  });
}
