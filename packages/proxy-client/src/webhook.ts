import { decodeBase64 } from "./base64.ts";
import { invalidArgument, MotionessError } from "./error.ts";
import { hmacSha256, isEqual } from "./hmac.ts";

export interface WebhookOptions {
  /** `whsec_…`, as it was shown when it was made; during a rotation, the old one and the new. */
  readonly secret: string | readonly string[];
  /** Of the request, as a `Headers` or a plain object. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body exactly as it came, before anybody parsed it. */
  readonly rawBody: string | Uint8Array;
  /** How far the sender's clock may be off. Five minutes by default. */
  readonly toleranceSeconds?: number;
  /** Unix milliseconds; for tests. */
  readonly now?: () => number;
}

/** What `data` holds, by `type`. */
export interface WebhookData {
  readonly "asset.completed": {
    readonly mp4_url: string;
    readonly bytes: number;
    readonly loop_mode: "native" | "crossfade" | null;
  };
  readonly "asset.failed": {
    readonly error_code: string;
    readonly error_msg: string;
    /** The step that failed, where it is known. */
    readonly stage?: string | null;
  };
  readonly "asset.queued": {
    readonly src_url: string;
    readonly motion: string;
    readonly mode: string;
    readonly dur_seconds: number;
  };
  readonly "asset.stage_completed": {
    readonly stage: string;
    readonly latency_ms: number;
    readonly attempt: number;
  };
  readonly "asset.retry_scheduled": {
    readonly stage: string;
    readonly attempt: number;
    readonly error_code: string;
    readonly delay_ms: number;
  };
  readonly "asset.test": { readonly message: string };
}

/** A message, by its `type`. `id` is the same on each retry: who has seen it need not act again. */
export type WebhookPayload = {
  [T in keyof WebhookData]: {
    readonly id: string;
    readonly type: T;
    /** Unix milliseconds. */
    readonly ts: number;
    readonly asset_id: T extends "asset.test" ? null : string;
    readonly project_id: string;
    readonly request_id: string;
    readonly data: WebhookData[T];
  };
}[keyof WebhookData];

const toleranceSecondsDefault = 300;

/**
 * Checks a message by the Standard Webhooks recipe: HMAC-SHA256 over `id.timestamp.body` in base64.
 * While a secret is being rotated several signatures are sent, and one that matches is enough.
 * @returns the parsed body.
 * @throws MotionessError `invalid_signature` saying what did not fit; `invalid_argument` for a
 * secret that is none, and for a body that is signed and no JSON object.
 */
export async function verifyWebhook(options: WebhookOptions): Promise<WebhookPayload> {
  const { secret, toleranceSeconds = toleranceSecondsDefault, now = Date.now } = options;
  const keys = (typeof secret === "string" ? [secret] : secret).map(keyOf);
  const id = header(options.headers, "webhook-id");
  const timestamp = header(options.headers, "webhook-timestamp");
  const signatures = header(options.headers, "webhook-signature");
  if (!id || !timestamp || !signatures) throw refused("a webhook-* header is missing");
  if (!/^\d{1,12}$/.test(timestamp)) throw refused("webhook-timestamp is no number of seconds");
  if (Math.abs(now() / 1000 - Number(timestamp)) > toleranceSeconds) {
    throw refused("webhook-timestamp is too far from this machine's time");
  }
  const text = textOf(options.rawBody);
  const tokens = tokensOf(signatures);
  for (const key of keys) {
    const expected = await hmacSha256(key, `${id}.${timestamp}.${text}`);
    if (tokens.some((token) => isEqual(token, expected))) return payloadOf(text);
  }
  throw refused("no signature matches body and secret");
}

/** Every byte counts, the mark that some editors put first, too. */
function textOf(body: string | Uint8Array): string {
  return typeof body === "string"
    ? body
    : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
}

function payloadOf(text: string): WebhookPayload {
  try {
    const payload: unknown = JSON.parse(text);
    if (typeof payload === "object" && payload !== null) return payload as WebhookPayload;
  } catch {
    // Told below, as what is JSON and no object is.
  }
  throw invalidArgument("the body is signed, but it is no JSON object");
}

function header(headers: WebhookOptions["headers"], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key, value]) => key.toLowerCase() === name && value);
  const value = found?.[1];
  return typeof value === "string" ? value : value?.[0];
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const text = secret.replace(/^whsec_/, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.replace(/=+$/, "").length % 4 === 1) {
    throw invalidArgument("secret must be whsec_ and base64, as it was shown");
  }
  return decodeBase64(text);
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
