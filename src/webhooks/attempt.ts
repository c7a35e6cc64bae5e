import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Answer, Exchange } from "../net/exchange.ts";
import type { OutboundPolicy } from "../net/hop.ts";
import { parseRetryAfter } from "../net/retry-after.ts";
import type { WebhookEndpoint } from "./endpoint.ts";
import { signatureHeaders } from "./sign.ts";
import { parseWebhookUrl } from "./target.ts";

export interface AttemptDeps {
  readonly exchange: Exchange;
  readonly clock: Pick<Clock, "now" | "elapsed">;
  /** From the first look-up to the last byte that is read. */
  readonly timeoutMs: number;
}

export interface Message {
  /** The event's `evt_` id. */
  readonly id: string;
  readonly body: string;
}

/** Why an attempt failed. */
export type FailureCode = "webhook_rejected" | "webhook_timeout" | "webhook_unreachable";

/** How an attempt went. */
export interface Attempt {
  readonly isDelivered: boolean;
  /** Null when there was no answer. */
  readonly responseCode: number | null;
  /** The beginning of the answer's body, as text. */
  readonly responseBodyPreview: string | null;
  readonly latencyMs: number;
  readonly failure: Failure | undefined;
}

export interface Failure {
  readonly code: FailureCode;
  /** For whoever may see the asset: nothing of where the endpoint is. */
  readonly message: string;
  /** In more words, for whoever may see the endpoint. */
  readonly detail: string;
  /** What the other side asked for. */
  readonly retryAfterMs: number | undefined;
}

/** The receiver says that it is gone for good. */
export const goneStatus = 410;
/** A receiver that takes longer has failed. */
export const attemptTimeoutMs = 10_000;
/** Of all endpoints of one host together; who finds no room waits outside of the line. */
export const hostSlots = { perHostMax: 8, waitingMax: 16 } as const;
/** How much of an answer is read, and kept. */
export const previewBytesMax = 4096;

/**
 * Sends a message once. A redirect is an answer like any other that is no 2xx: the endpoint's
 * owner named one address, and what is sent is meant for nobody else.
 * @returns undefined when too many wait for this host already, and nothing was sent.
 * @throws the signal's reason.
 */
export async function attemptDelivery(
  { exchange, clock, timeoutMs }: AttemptDeps,
  endpoint: WebhookEndpoint,
  { id, body }: Message,
  signal: AbortSignal,
): Promise<Attempt | undefined> {
  const beganAtMs = clock.elapsed();
  const latencyMs = () => Math.max(0, Math.round(clock.elapsed() - beganAtMs));
  try {
    const { allowedOrigins, secrets } = endpoint;
    // What was allowed when it was set may not be any more.
    const url = parseWebhookUrl(endpoint.url, allowedOrigins);
    const signed = signatureHeaders({ id, sentAtMs: clock.now(), body }, secrets);
    const headers = { ...plainHeaders, ...signed };
    const request = { url, method: "POST", headers, body, allowedOrigins, signal } as const;
    return await exchange(request, { ...policy, timeoutMs }, async (answer) => ({
      ...(await read(answer, clock.now())),
      latencyMs: latencyMs(),
    }));
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError && thrown.code === "unavailable") return undefined;
    const failure = failureOf(thrown, timeoutMs);
    return { ...noAnswer, latencyMs: latencyMs(), failure };
  }
}

const plainHeaders = {
  "content-type": "application/json",
  "accept-encoding": "identity",
  "user-agent": "Motioness",
} as const;

const policy: Omit<OutboundPolicy, "timeoutMs"> = {
  subject: "the endpoint",
  failedCode: "webhook_unreachable",
  lateCode: "webhook_timeout",
  tooLargeCode: "webhook_unreachable",
  tooLargeMessage: "the endpoint answered with too much",
  redirects: "answer",
  decompress: false,
  // Nothing is read beyond the preview, so that it does not matter how much there is.
  sizeBytesMax: Number.MAX_SAFE_INTEGER,
};

const noAnswer = { isDelivered: false, responseCode: null, responseBodyPreview: null } as const;

async function read(
  { status, headers, body }: Answer,
  nowMs: number,
): Promise<Omit<Attempt, "latencyMs">> {
  const isDelivered = status >= 200 && status <= 299;
  const message = `the endpoint answered ${status}`;
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), nowMs);
  return {
    isDelivered,
    responseCode: status,
    responseBodyPreview: await readPreview(body),
    failure: isDelivered
      ? undefined
      : { code: "webhook_rejected", message, detail: message, retryAfterMs },
  };
}

/** Text for a column: what is not UTF-8 is replaced, and so is NUL, which no text column takes. */
async function readPreview(body: Answer["body"]): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, previewBytesMax - sizeBytes));
    sizeBytes += chunk.byteLength;
    if (sizeBytes >= previewBytesMax) break;
  }
  // As of a stream that goes on: a character that was cut in two is left out.
  const text = new TextDecoder().decode(Buffer.concat(chunks), { stream: true });
  return text.replaceAll("\0", "\uFFFD");
}

function failureOf(thrown: unknown, timeoutMs: number): Failure {
  const isLate = thrown instanceof AppError && thrown.code === "webhook_timeout";
  const message = isLate
    ? `the endpoint did not answer within ${timeoutMs / 1000} seconds`
    : "the endpoint could not be reached";
  const isOurs = thrown instanceof AppError && !isLate;
  const detail = isOurs ? `${message}: ${thrown.message}` : message;
  const code = isLate ? "webhook_timeout" : "webhook_unreachable";
  return { code, message, detail, retryAfterMs: undefined };
}
