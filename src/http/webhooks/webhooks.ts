import { Elysia } from "elysia";
import type { RedeliverDeps } from "../../webhooks/redeliver.ts";
import type { SendTestDeps } from "../../webhooks/send-test.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { createWebhookDeliveryRoutes } from "./webhook-deliveries.ts";
import { createWebhookSettingsRoutes } from "./webhook-settings.ts";

export interface WebhookRoutesDeps extends SendTestDeps, RedeliverDeps {
  readonly clock: SendTestDeps["clock"];
}

/** `/api/projects/{id}/webhooks`: signed messages about what happens to a project's assets. */
export function createWebhookRoutes(deps: WebhookRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "webhooks", normalize: false })
    .use(createWebhookSettingsRoutes(deps, signedIn))
    .use(createWebhookDeliveryRoutes(deps, signedIn));
}
