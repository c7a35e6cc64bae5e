import type { DocumentedExample } from "./documented-examples.ts";

const anything = /(?:)/;
const path = "/api/projects/proj_seeded/webhooks";

/** Webhooks: where messages go, their secret, and what became of them. */
export const webhookExamples: readonly DocumentedExample[] = [
  {
    says: "the first save; the secret's first twelve characters are shown",
    request: `PUT ${path}`,
    body: {
      webhook_url: "https://example.com/hooks/motioness",
      webhook_events: ["asset.completed", "asset.failed"],
      webhooks_enabled: true,
    },
    signedIn: true,
    status: 200,
    json: {
      webhook_url: "https://example.com/hooks/motioness",
      webhook_events: ["asset.completed", "asset.failed"],
      webhooks_enabled: true,
      webhook_secret_preview: /^whsec_[A-Za-z0-9+/]{6}…$/,
      webhook_secret: /^whsec_/,
    },
  },
  {
    says: "every type that can be subscribed to",
    request: `PUT ${path}`,
    body: {
      webhook_events: [
        "asset.queued",
        "asset.stage_completed",
        "asset.completed",
        "asset.failed",
        "asset.retry_scheduled",
      ],
    },
    signedIn: true,
    status: 200,
  },
  {
    says: "a test cannot be subscribed to",
    request: `PUT ${path}`,
    body: { webhook_events: ["asset.test"] },
    signedIn: true,
    status: 400,
    json: { error: "Validation failed" },
  },
  {
    says: "a rotated secret",
    request: `POST ${path}/rotate-secret`,
    signedIn: true,
    status: 200,
    json: { webhook_secret: /^whsec_/ },
  },
  {
    says: "a test, which leads nowhere here",
    request: `POST ${path}/test`,
    signedIn: true,
    status: 200,
    json: { delivery_id: anything, event_id: /^evt_/, status: "dead" },
  },
  {
    says: "the deliveries",
    request: `GET ${path}/deliveries`,
    signedIn: true,
    status: 200,
    json: { deliveries: anything },
  },
  {
    says: "every key of a delivery is always there",
    request: `GET ${path}/deliveries/{delivery}`,
    signedIn: true,
    status: 200,
    json: {
      id: "{delivery}",
      event_id: "evt_01HXY3K",
      event_type: "asset.completed",
      asset_id: "{pending}",
      attempt: 0,
      status: "pending",
      response_code: null,
      next_attempt_ts: anything,
      created_at: anything,
      delivered_at: null,
      response_body_preview: null,
      payload_json: "{}",
    },
  },
  {
    says: "no such delivery",
    request: `GET ${path}/deliveries/abc123`,
    signedIn: true,
    status: 404,
    json: { error: "not found" },
  },
  {
    says: "nobody's deliveries",
    request: `GET ${path}/deliveries/abc123`,
    status: 401,
    json: { error: "Authentication required" },
  },
  {
    says: "a message once more",
    request: `POST ${path}/deliveries/{delivery}/redeliver`,
    signedIn: true,
    status: 200,
    json: { delivery_id: anything, status: "pending" },
  },
];
