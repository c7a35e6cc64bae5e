import { describe, expect, test } from "bun:test";
import { createDeliveryId } from "../../src/webhooks/deliveries.ts";
import { sendTest } from "../../src/webhooks/send-test.ts";
import { getWebhookSettings } from "../../src/webhooks/settings.ts";
import type { StorePlace } from "../contracts/store.ts";
import { codeOf } from "../support/app-error.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";
import { createWebhookExchange, useWebhooks } from "../support/webhook-bench.ts";

const server = await testPostgres();

function testsOn(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`a test of an endpoint on ${name}`, () => {
    const on = useWebhooks(createPlace);
    const send = (
      who: { readonly projectId: string; readonly userId: string },
      as = who.userId,
    ) => {
      const { store, clock, sealer } = on;
      const deps = { store, clock, sealer, createId: createDeliveryId, timeoutMs: 5000 };
      const asked = { requestId: "req_test", signal: new AbortController().signal };
      const exchange = createWebhookExchange();
      return sendTest({ ...deps, exchange }, { ...who, userId: as }, asked);
    };

    test("is sent while webhooks are off, kept as a delivery, and switches them on", async () => {
      const receiver = on.receiver(204);
      const { who, projectId } = await on.subscribe(receiver.url, { isEnabled: false });
      const { deliveryId, eventId, attempt } = await send(who);
      expect(attempt).toMatchObject({ isDelivered: true, responseCode: 204 });
      expect(receiver.received[0]?.json).toMatchObject({ id: eventId, type: "asset.test" });
      const [kept] = await on.deliveries(projectId);
      expect(kept).toMatchObject({
        ...{ id: deliveryId, event_id: eventId, event_type: "asset.test", asset_id: null },
        ...{ status: "delivered", attempt: 1, next_attempt_at: null },
      });
      expect((await getWebhookSettings(on, who)).isEnabled).toBe(true);
    });

    test("that fails is over after one attempt, and switches nothing on", async () => {
      const receiver = on.receiver(503);
      const { who, projectId } = await on.subscribe(receiver.url, { isEnabled: false });
      await send(who);
      const [kept] = await on.deliveries(projectId);
      expect(kept).toMatchObject({ status: "dead", attempt: 1, next_attempt_at: null });
      expect((await getWebhookSettings(on, who)).isEnabled).toBe(false);
    });

    test("is refused to whoever has no part in the project", async () => {
      const { who } = await on.subscribe(on.receiver().url);
      const other = await on.subscribe(on.receiver().url);
      expect(await codeOf(send(who, other.who.userId))).toBe("not_found");
    });
  });
}

testsOn("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) testsOn("PostgreSQL", () => postgresPlace(server));
});
