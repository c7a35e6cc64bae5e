import { Elysia } from "elysia";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../db/store.ts";
import type { Exchange } from "../../net/exchange.ts";
import type { Sealer } from "../../projects/seal.ts";
import { attemptTimeoutMs } from "../../webhooks/attempt.ts";
import { createDeliveryId } from "../../webhooks/deliveries.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { createWebhookDeliveryRoutes } from "./webhook-deliveries.ts";
import { createWebhookSettingsRoutes } from "./webhook-settings.ts";

export interface WebhookRoutesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** The way out to endpoints. */
  readonly webhookExchange: Exchange;
}

/** `/api/projects/{id}/webhooks`: signed messages about what happens to a project's assets. */
export function createWebhookRoutes(deps: WebhookRoutesDeps, signedIn: SignedIn) {
  const { store, clock, sealer, webhookExchange: exchange } = deps;
  const made = { store, clock, createId: createDeliveryId };
  const sending = { ...made, sealer, exchange, timeoutMs: attemptTimeoutMs };
  return new Elysia({ name: "webhooks", normalize: false })
    .use(createWebhookSettingsRoutes(sending, signedIn))
    .use(createWebhookDeliveryRoutes(made, signedIn));
}
