import { proxyParameters } from "../proxy/proxy-options.ts";
import { errorResponses, requestIdHeader } from "./common-responses.ts";
import type { JsonObject, Operation, Parameter, PathItem, ResponseItem } from "./open-api.ts";

/** What can stand at the end of a proxy URL, and what it gives. */
const suffixes = [
  {
    suffix: "mp4",
    type: "video/mp4",
    operationId: "getClip",
    summary: "The clip of a picture",
    only: ["format"],
  },
  {
    suffix: "webp",
    type: "image/webp",
    operationId: "getAnimatedWebp",
    summary: "The clip as an animated WebP",
    only: [],
  },
  {
    suffix: "avif",
    type: "image/avif",
    operationId: "getAnimatedAvif",
    summary: "The clip as an animated AVIF",
    only: [],
  },
  {
    suffix: "gif",
    type: "image/gif",
    operationId: "getAnimatedGif",
    summary: "The clip as a GIF",
    only: [],
  },
  {
    suffix: "jpg",
    type: "image/jpeg",
    operationId: "getPoster",
    summary: "The poster of a picture",
    only: ["w"],
  },
] as const;

/** Parameters that only some suffixes take. */
const particular: readonly string[] = suffixes.flatMap(({ only }) => only);

/** The proxy URLs, which are answered before the framework, as path items. */
export function proxyPaths(): Readonly<Record<string, PathItem>> {
  return Object.fromEntries(
    suffixes.map((row) => [`/v1/{projectKey}/{source}.${row.suffix}`, { get: operationOf(row) }]),
  );
}

function operationOf({
  suffix,
  type,
  operationId,
  summary,
  only,
}: (typeof suffixes)[number]): Operation {
  const isPoster = suffix === "jpg";
  return {
    operationId,
    summary,
    description: isPoster
      ? "Answers at once and costs nothing: the picture, then the clip's own first frame."
      : "The first request starts the work and is answered with 202; once the clip is ready, it " +
        "is answered with it, whole or by ranges, from then on.",
    tags: ["Proxy"],
    security: [],
    parameters: [
      ...pathParameters,
      ...proxyParameters
        .filter(
          ({ name }) => !particular.includes(name) || (only as readonly string[]).includes(name),
        )
        .map(queryParameter),
      ...requestHeaders,
    ],
    responses: {
      200: mediaResponse("The whole of it", type),
      206: mediaResponse("The range that was asked for", type),
      ...(isPoster ? {} : { 202: pending }),
      304: answer("What the caller has is current"),
      400: error(400, { error: "malformed proxy URL: dur must be a whole number from 2 to 8" }),
      403: error(403, { error: "origin not in allowlist" }),
      412: error(412, { error: "precondition failed" }),
      413: error(413, { error: "file exceeds 10 MB limit" }),
      415: error(415, { error: "unsupported type: image/svg+xml" }),
      416: answer("No byte of the range is there"),
      429: error(429, { error: "monthly limit reached" }),
      500: error(500, { error: "internal error" }),
      ...(isPoster ? {} : { 501: error(501, unmakeable) }),
      502: error(502, lastFailed),
      503: error(503, { error: "the stored media is missing; try again later" }),
    },
  };
}

const unmakeable = {
  error:
    "this server makes no avif: its ffmpeg 5.1.9 was built without the encoder libsvtav1 or " +
    "libaom-av1",
};
const lastFailed = {
  error: "last generation failed",
  asset_id: "a25b330a71e2bc6b",
  hint: "POST /api/v1/regenerate/a25b330a71e2bc6b",
};

const pathParameters: readonly Parameter[] = [
  {
    name: "projectKey",
    in: "path",
    required: true,
    description: "The project's public key.",
    schema: { type: "string", pattern: "^pk_[A-Za-z0-9]{1,64}$" },
    example: "pk_abc",
  },
  {
    name: "source",
    in: "path",
    required: true,
    description:
      "The picture's URL without its scheme, slashes as they are and its own query as `%3F…`; or, " +
      "in a signed project, the unpadded base64url of the whole URL.",
    schema: { type: "string", minLength: 1, maxLength: 4096 },
    example: "cdn.acme.com/hero.png",
  },
];

const requestHeaders: readonly Parameter[] = [
  {
    name: "Idempotency-Key",
    in: "header",
    description: "Stands in for `idem`.",
    schema: { type: "string", maxLength: 128 },
  },
  {
    name: "Range",
    in: "header",
    description: "Bytes, as in RFC 9110.",
    schema: { type: "string" },
    example: "bytes=0-65535",
  },
  {
    name: "If-None-Match",
    in: "header",
    description: "An `ETag` that the caller has; 304 while it is current.",
    schema: { type: "string" },
  },
  {
    name: "X-Request-Id",
    in: "header",
    description: "The answer carries it, too, if it matches `^[\\w-]{4,64}$`.",
    schema: { type: "string" },
  },
];

function queryParameter({ name, meaning, schema }: (typeof proxyParameters)[number]): Parameter {
  return { name, in: "query", required: false, description: meaning, schema };
}

const mediaHeaders: JsonObject = {
  ...requestIdHeader,
  ETag: { description: "Of the bytes.", schema: { type: "string" } },
  "X-Motioness-Asset-Id": { schema: { type: "string", pattern: "^[0-9a-f]{16}$" } },
  "X-Motioness-Stage": { schema: { type: "string", enum: ["ready", "queued"] } },
};

function mediaResponse(description: string, type: string): ResponseItem {
  const schema = { type: "string", format: "binary" };
  return { description, headers: mediaHeaders, content: { [type]: { schema } } };
}

const pending: ResponseItem = {
  description: "The clip is being made.",
  headers: {
    ...requestIdHeader,
    "Retry-After": { description: "Seconds.", schema: { type: "string" } },
    "X-Motioness-Asset-Id": { schema: { type: "string", pattern: "^[0-9a-f]{16}$" } },
    "X-Motioness-Stage": {
      schema: { type: "string", enum: ["queued", "vision", "stage1", "stage2", "merge", "ready"] },
    },
    "X-Motioness-Eta-Ms": { schema: { type: "string" } },
  },
  content: {
    "application/json": {
      schema: {
        type: "object",
        required: ["status", "asset_id", "eta_seconds"],
        properties: {
          status: { const: "pending" },
          asset_id: { type: "string", pattern: "^[0-9a-f]{16}$" },
          eta_seconds: { type: "integer", minimum: 1 },
        },
        additionalProperties: false,
      },
      example: { status: "pending", asset_id: "a25b330a71e2bc6b", eta_seconds: 28 },
    },
  },
};

function answer(description: string): ResponseItem {
  return { description, headers: requestIdHeader };
}

function error(status: number, example: JsonObject): ResponseItem {
  const common = errorResponses[status];
  const schema = common?.content?.["application/json"]?.schema ?? {};
  const headers = { ...requestIdHeader, ...common?.headers };
  const content = { "application/json": { schema, example } };
  return { description: common?.description ?? "An error", headers, content };
}
