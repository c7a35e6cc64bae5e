import type { Json, JsonObject, Reference, ResponseItem } from "./open-api.ts";

/** Headers that many answers share. */
export const commonHeaders: JsonObject = {
  RequestId: {
    description: "The caller's own, if it matches `^[\\w-]{4,64}$`, else one of ours.",
    schema: { type: "string", pattern: "^[\\w-]{4,64}$", example: "req_1a2b3c4d" },
  },
};

/** On every answer, an error or not. */
export const requestIdHeader: JsonObject = {
  "X-Request-Id": { $ref: "#/components/headers/RequestId" },
};

const errorSchema: JsonObject = {
  type: "object",
  required: ["error"],
  properties: { error: { type: "string", description: "What was wrong, for people." } },
  additionalProperties: true,
};

/** The errors that any route may answer with, where it does not say so itself. */
export const errorResponses: Readonly<Record<string, ResponseItem>> = {
  400: errorOf("What was sent is not what the route takes.", {
    error: "Validation failed",
    details: { fieldErrors: { name: ["Expected string"] }, formErrors: [] },
  }),
  401: errorOf("There is no session, and no API key.", { error: "Authentication required" }),
  403: errorOf("Known, and not allowed to do this.", {
    error: "this needs the role editor; yours is viewer",
  }),
  404: errorOf("There is none, or it is not yours.", { error: "not found" }),
  408: errorOf("The body did not come in time.", { error: "the body did not come within 30 s" }),
  409: errorOf("It cannot be done as things stand.", {
    error: "a generation of this asset is being made: wait for it, or cancel it first",
  }),
  412: errorOf("A condition of the request does not hold.", { error: "precondition failed" }),
  413: errorOf("The body is too large.", { error: "the body exceeds 1 MB" }),
  415: errorOf("The body is of another type.", { error: "unsupported type: text/plain" }),
  429: {
    ...errorOf("Asked too often, or the month's limit is reached.", {
      error: "rate limited",
      retry_after_ms: 5000,
    }),
    headers: {
      ...requestIdHeader,
      "Retry-After": { description: "Seconds.", schema: { type: "string", example: "5" } },
    },
  },
  500: errorOf("A fault of this server; its log says more.", { error: "internal error" }),
  501: errorOf("This server's ffmpeg cannot make the form; nothing was started.", {
    error: "this server makes no gif: its ffmpeg 5.1.9 was built without the encoder gif",
  }),
  502: errorOf("The last generation failed for good.", { error: "last generation failed" }),
  503: errorOf("Not now: too much at once, or something is away.", {
    error: "the server is busy; try again in a moment",
  }),
};

/** The error of a status, where there is nothing more to say of it. */
export function commonError(status: string): Reference | undefined {
  return errorResponses[status] ? { $ref: `#/components/responses/${status}` } : undefined;
}

function errorOf(description: string, example: Json): ResponseItem {
  return {
    description,
    headers: requestIdHeader,
    content: { "application/json": { schema: errorSchema, example } },
  };
}
