import { t } from "elysia";
import type { Delivery } from "../../db/schema.ts";
import { announcements } from "../../events/announce.ts";
import { webhookDelaysMs } from "../../jobs/backoff.ts";
import { type DeliveryStatus, deliveryStatuses } from "../../webhooks/deliveries.ts";
import type { WebhookSettings } from "../../webhooks/settings.ts";
import { choice } from "../answer/choice.ts";

export const statusChoice = choice(deliveryStatuses, {
  description: "`failed` will be tried again, `dead` will not",
});
const time = (description: string) =>
  t.Integer({ description: `${description}, Unix milliseconds` });

export const webhookUrl = t.String({
  maxLength: 2048,
  error: "Expected a URL of at most 2048 characters",
  description: "https, unless its origin is one of the project's allowed origins",
});
export const webhookEvents = t.Array(choice(announcements), {
  maxItems: announcements.length,
  error: `Expected some of ${announcements.join(", ")}`,
});

export const webhooksBody = t.Object(
  {
    webhook_url: t.Nullable(t.String()),
    webhook_events: t.Array(choice(announcements)),
    webhooks_enabled: t.Boolean(),
    webhook_secret_preview: t.Nullable(
      t.String({ description: "The secret's first characters; null while there is none" }),
    ),
    previous_webhook_secret_until: t.Nullable(time("Until when the secret before signs, too")),
    webhook_secret: t.Optional(
      t.String({ description: "Only in the answer to the request that made it" }),
    ),
  },
  { title: "Webhooks", description: "Where a project's messages go, and what they tell" },
);

const summary = {
  id: t.String(),
  event_id: t.String({ description: "The message's id, the same on every attempt" }),
  event_type: t.String(),
  asset_id: t.Nullable(t.String({ description: "Null for a test" })),
  url: t.String({ description: "Where it went, or will go" }),
  attempt: t.Integer({ description: "Attempts that were made" }),
  attempts_max: t.Integer(),
  status: statusChoice,
  response_code: t.Nullable(t.Integer({ description: "Null when there was no answer" })),
  error: t.Nullable(t.String({ description: "Why the last attempt failed" })),
  next_attempt_ts: t.Nullable(time("When it is tried next")),
  created_at: time("When it was made"),
  delivered_at: t.Nullable(time("When it was taken")),
};

export const deliverySummary = t.Object(summary, {
  title: "DeliverySummary",
  description: "A message to an endpoint, as it stands in a list",
});

export const deliveryBody = t.Object(
  {
    ...summary,
    response_body_preview: t.Nullable(t.String({ description: "The answer's first 4 KiB" })),
    payload_json: t.Nullable(t.String({ description: "The body, exactly as it is signed" })),
  },
  { title: "Delivery", description: "A message to an endpoint" },
);

export const testBody = t.Object(
  {
    delivery_id: t.String(),
    event_id: t.String(),
    status: statusChoice,
    response_code: t.Nullable(t.Integer({ description: "Null when there was no answer" })),
    error: t.Nullable(t.String({ description: "Why it was not delivered" })),
  },
  { title: "WebhookTest", description: "How a test went" },
);

export function describeWebhooks(settings: WebhookSettings): typeof webhooksBody.static {
  const { secret } = settings;
  return {
    webhook_url: settings.url,
    webhook_events: [...settings.events],
    webhooks_enabled: settings.isEnabled,
    webhook_secret_preview: settings.secretPreview,
    previous_webhook_secret_until: settings.previousSecretUntilMs,
    ...(secret === undefined ? {} : { webhook_secret: secret }),
  };
}

export function summarizeDelivery(delivery: Delivery): typeof deliverySummary.static {
  return {
    id: delivery.id,
    event_id: delivery.event_id,
    event_type: delivery.event_type,
    asset_id: delivery.asset_id,
    url: delivery.url,
    attempt: delivery.attempt,
    attempts_max: webhookDelaysMs.length,
    status: delivery.status as DeliveryStatus,
    response_code: delivery.response_code,
    error: delivery.error,
    next_attempt_ts: delivery.next_attempt_at,
    created_at: delivery.created_at,
    delivered_at: delivery.delivered_at,
  };
}

export function describeDelivery(delivery: Delivery): typeof deliveryBody.static {
  return {
    ...summarizeDelivery(delivery),
    response_body_preview: delivery.response_body_preview,
    payload_json: delivery.payload,
  };
}
