import { wire } from "../../assets/lifecycle.ts";
import type { Announcement } from "../../events/announce.ts";
import { modes } from "../../scene/plan.ts";
import type { testEventType } from "../../webhooks/send-test.ts";
import { exampleOf } from "./example.ts";
import type { JsonObject, Operation, Parameter, PathItem } from "./open-api.ts";

interface Message {
  readonly operationId: string;
  readonly summary: string;
  /** What `data` holds. */
  readonly data: JsonObject;
  /** What of it may be missing. */
  readonly optional?: readonly string[];
}

/** Where a stage is told of: the clip's own, and the two around them. */
const stage: JsonObject = {
  type: "string",
  enum: [...new Set(Object.values(wire).map((step) => step.stage))],
};
const text: JsonObject = { type: "string" };
const count: JsonObject = { type: "integer" };

const messages: Readonly<Record<Announcement | typeof testEventType, Message>> = {
  "asset.queued": {
    operationId: "assetQueued",
    summary: "A clip is to be made",
    data: {
      src_url: { ...text, description: "The source's address" },
      motion: text,
      mode: { type: "string", enum: [...modes] },
      dur_seconds: { type: "number" },
    },
  },
  "asset.stage_completed": {
    operationId: "assetStageCompleted",
    summary: "A stage of making a clip has ended well",
    data: { stage, latency_ms: count, attempt: count },
  },
  "asset.completed": {
    operationId: "assetCompleted",
    summary: "A clip is ready",
    data: {
      mp4_url: text,
      bytes: { ...count, description: "The clip's size" },
      loop_mode: {
        type: ["string", "null"],
        enum: ["native", "crossfade", null],
        description: "How the loop was closed; null for what does not loop",
      },
    },
  },
  "asset.failed": {
    operationId: "assetFailed",
    summary: "A clip could not be made",
    data: {
      error_code: text,
      error_msg: text,
      stage: { ...stage, description: "The one that failed, where it was one", example: "vision" },
    },
    optional: ["stage"],
  },
  "asset.retry_scheduled": {
    operationId: "assetRetryScheduled",
    summary: "A stage failed, and is tried again",
    data: { stage, attempt: count, error_code: text, delay_ms: count },
  },
  "asset.test": {
    operationId: "assetTest",
    summary: "A test that somebody asked for",
    data: { message: { ...text, example: "This is a test." } },
  },
};

/**
 * The messages that endpoints are sent, as the document's `webhooks`: from this server, and not to
 * it. What a later version adds is no fault, so that their schemas are open.
 */
export function messageItems(): Readonly<Record<string, PathItem>> {
  return Object.fromEntries(
    Object.entries(messages).map(([type, message]) => [type, { post: operationOf(type, message) }]),
  );
}

function operationOf(type: string, { operationId, summary, data, optional }: Message): Operation {
  const schema = envelopeOf(type, openObject(data, optional));
  const example = exampleOf(schema, { isWhole: true }) as JsonObject;
  return {
    operationId,
    summary,
    tags: ["Webhooks"],
    security: [],
    parameters: signature,
    requestBody: {
      required: true,
      content: { "application/json": { schema, example: withoutAsset(type, example) } },
    },
    responses: answers,
  };
}

function envelopeOf(type: string, data: JsonObject): JsonObject {
  const isTest = type === "asset.test";
  return openObject({
    id: {
      ...text,
      description: "The same on every attempt: who has seen it need not act again",
      example: messageId,
    },
    type: { ...text, const: type },
    ts: { ...count, description: "When it happened, Unix milliseconds" },
    asset_id: isTest ? { type: "null" } : text,
    project_id: text,
    request_id: { ...text, description: "Of the request that began it" },
    data,
  });
}

/** An example of a field is found by its name, and a test has an asset's only by name. */
function withoutAsset(type: string, example: JsonObject): JsonObject {
  return type === "asset.test" ? { ...example, asset_id: null } : example;
}

function openObject(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", required, properties, additionalProperties: true };
}

const messageId = "evt_01KAJ3V9X4Q7M2ZD5R8T6W1Y0B";

const signature: readonly Parameter[] = [
  header("webhook-id", "The message's id.", messageId),
  header("webhook-timestamp", "When this attempt was made, Unix seconds.", "1795000004"),
  header(
    "webhook-signature",
    "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with what the secret " +
      "holds in base64 behind `whsec_`. For a day after a rotation there are two, with a space " +
      "between them, and one that matches is enough.",
    "v1,Cs6alcmK/gzlhNHbLq6scAFuti/QYDw3I+nyksB2QP8=",
  ),
];

function header(name: string, description: string, example: string): Parameter {
  return { name, in: "header", required: true, description, schema: text, example };
}

const answers: Operation["responses"] = {
  "2XX": { description: "Taken. It has to come within ten seconds; its body does not matter." },
  "410": { description: "The endpoint is gone: it is switched off." },
  default: {
    description:
      "Not taken, as when no answer comes, or a redirect: it is sent again, five times at most. " +
      "A test is not.",
  },
};
