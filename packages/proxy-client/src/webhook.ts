import { decodeBase64 } from "./base64.ts";
import { MotionessError } from "./error.ts";
import { hmacSha256, isEqual } from "./hmac.ts";

export interface WebhookOptions {
  /** `whsec_…`, as it was shown when it was made. */
  readonly secret: string;
  /** Of the request, as a `Headers` or a plain object. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body exactly as it came, before anybody parsed it. */
  readonly rawBody: string;
  /** How far the sender's clock may be off. Five minutes by default. */
  readonly toleranceSeconds?: number;
  /** Unix milliseconds; for tests. */
  readonly now?: () => number;
}

/** The envelope of every message; `id` is the same on each retry. */
export interface WebhookPayload {
  readonly id: string;
  readonly type: string;
  /** Unix milliseconds. */
  readonly ts: number;
  readonly asset_id: string | null;
  readonly project_id: string;
  readonly request_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const toleranceSecondsDefault = 300;

/**
 * Checks a message by the Standard Webhooks recipe: HMAC-SHA256 over `id.timestamp.body` in base64.
 * While a secret is being rotated several signatures are sent, and one that matches is enough.
 * @returns the parsed body.
 * @throws MotionessError `invalid_signature` saying what did not fit.
 */
export async function verifyWebhook(options: WebhookOptions): Promise<WebhookPayload> {
  const { secret, rawBody, toleranceSeconds = toleranceSecondsDefault, now = Date.now } = options;
  const id = header(options.headers, "webhook-id");
  const timestamp = header(options.headers, "webhook-timestamp");
  const signatures = header(options.headers, "webhook-signature");
  if (!id || !timestamp || !signatures) throw refused("a webhook-* header is missing");
  if (!/^\d{1,12}$/.test(timestamp)) throw refused("webhook-timestamp is no number of seconds");
  if (Math.abs(now() / 1000 - Number(timestamp)) > toleranceSeconds) {
    throw refused("webhook-timestamp is too far from this machine's time");
  }
  const expected = await hmacSha256(keyOf(secret), `${id}.${timestamp}.${rawBody}`);
  if (!tokensOf(signatures).some((token) => isEqual(token, expected))) {
    throw refused("no signature matches body and secret");
  }
  return JSON.parse(rawBody) as WebhookPayload;
}

function header(headers: WebhookOptions["headers"], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key, value]) => key.toLowerCase() === name && value);
  const value = found?.[1];
  return typeof value === "string" ? value : value?.[0];
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  try {
    return decodeBase64(secret.replace(/^whsec_/, ""));
  } catch (cause) {
    throw new MotionessError("the secret is no whsec_ and base64", {
      code: "invalid_argument",
      cause,
    });
  }
}

/** `v1,…` entries, with commas or spaces between them. Other versions are not ours to judge. */
function tokensOf(signatures: string): readonly Uint8Array[] {
  return [...signatures.matchAll(/(?:^|[\s,])v1,([A-Za-z0-9+/]+={0,2})/g)].flatMap(([, token]) => {
    try {
      return [decodeBase64(token ?? "")];
    } catch {
      return [];
    }
  });
}

function refused(message: string): MotionessError {
  return new MotionessError(message, { code: "invalid_signature" });
}
