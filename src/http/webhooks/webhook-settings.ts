import { Elysia, t } from "elysia";
import { AppError } from "../../errors.ts";
import { type SendTestDeps, sendTest } from "../../webhooks/send-test.ts";
import {
  getWebhookSettings,
  rotateWebhookSecret,
  updateWebhookSettings,
  type WebhookChanges,
} from "../../webhooks/settings.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody } from "../answer/schemas.ts";
import { projectErrors, projectParams } from "../projects/project-schemas.ts";
import {
  describeWebhooks,
  testBody,
  webhookEvents,
  webhooksBody,
  webhookUrl,
} from "./webhook-schemas.ts";

const path = "/api/projects/:id/webhooks";
const tags = ["Webhooks"];

const reading = {
  params: projectParams,
  response: { 200: webhooksBody, ...projectErrors },
  detail: { operationId: "getWebhooks", summary: "Get where messages go", tags },
};
const changing = {
  params: projectParams,
  body: t.Object(
    {
      webhook_url: t.Optional(t.Nullable(webhookUrl)),
      webhook_events: t.Optional(webhookEvents),
      webhooks_enabled: t.Optional(t.Boolean({ error: "Expected true or false" })),
    },
    {
      additionalProperties: false,
      examples: [
        {
          webhook_url: "https://acme.com/hooks/motion",
          webhook_events: ["asset.completed", "asset.failed"],
        },
      ],
    },
  ),
  response: { 200: webhooksBody, 400: errorBody, ...projectErrors },
  detail: {
    operationId: "updateWebhooks",
    summary: "Change where messages go",
    description:
      "What is not sent stays. The first URL gets its secret, which this answer alone shows. " +
      "Messages are sent once `webhooks_enabled` is true, which the first delivered test makes it.",
    tags,
  },
};
const rotating = {
  params: projectParams,
  response: {
    200: t.Object({ webhook_secret: t.String({ description: "Shown this once" }) }),
    ...projectErrors,
  },
  detail: {
    operationId: "rotateWebhookSecret",
    summary: "Rotate the secret of messages",
    description: "For the owner. The secret before signs along for 24 hours.",
    tags,
  },
};
const testing = {
  params: projectParams,
  response: {
    200: testBody,
    409: errorBody,
    ...projectErrors,
  },
  detail: {
    operationId: "testWebhooks",
    summary: "Send a test",
    description:
      "One attempt of at most ten seconds, whether webhooks are on or not. The first that the " +
      "endpoint takes switches them on.",
    tags,
  },
};

/** A project's endpoint: where it is, what it is told, its secret, and whether it is there. */
export function createWebhookSettingsRoutes(deps: SendTestDeps, signedIn: SignedIn) {
  const whoOf = (userId: string, { id }: { readonly id: string }) => ({ projectId: id, userId });
  return new Elysia({ name: "webhook-settings", normalize: false })
    .use(signedIn)
    .get(
      path,
      async ({ caller, params }) =>
        describeWebhooks(await getWebhookSettings(deps, whoOf(caller.userId, params))),
      reading,
    )
    .put(
      path,
      async ({ caller, params, body }) => {
        const who = whoOf(caller.userId, params);
        const update = updateWebhookSettings(deps, who, changesOf(body)).catch(asFieldError);
        return describeWebhooks(await update);
      },
      changing,
    )
    .post(
      `${path}/rotate-secret`,
      async ({ caller, params }) => ({
        webhook_secret: await rotateWebhookSecret(deps, whoOf(caller.userId, params)),
      }),
      rotating,
    )
    .post(
      `${path}/test`,
      async ({ caller, params, context }) => {
        const { requestId, request, neverTimeOut } = context;
        neverTimeOut();
        const asked = { requestId, signal: request.signal };
        const sent = await sendTest(deps, whoOf(caller.userId, params), asked);
        return {
          delivery_id: sent.deliveryId,
          event_id: sent.eventId,
          status: sent.attempt.isDelivered ? ("delivered" as const) : ("dead" as const),
          response_code: sent.attempt.responseCode,
          error: sent.attempt.failure?.detail ?? null,
        };
      },
      testing,
    );
}

function changesOf(body: typeof changing.body.static): WebhookChanges {
  const { webhook_url: url, webhook_events: events, webhooks_enabled: isEnabled } = body;
  return {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events }),
    ...(isEnabled === undefined ? {} : { isEnabled }),
  };
}

/** What is wrong with a URL is more than a pattern can say. */
function asFieldError(thrown: unknown): never {
  if (thrown instanceof AppError && thrown.code === "invalid_request") {
    throw fieldError("webhook_url", thrown.message);
  }
  throw thrown;
}
