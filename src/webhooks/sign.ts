import { createHmac, randomBytes } from "node:crypto";

export interface SignedMessage {
  /** The event's `evt_` id: the same on every attempt, so that receivers can tell repeats. */
  readonly id: string;
  /** Unix milliseconds of this attempt. */
  readonly sentAtMs: number;
  /** Exactly as it is sent. */
  readonly body: string;
}

const prefix = "whsec_";
/** Standard Webhooks asks for 24 to 64. */
const secretBytes = 32;

/** A fresh secret: `whsec_` and the base64 of 32 random bytes. */
export function createWebhookSecret(): string {
  return prefix + randomBytes(secretBytes).toString("base64");
}

/**
 * The headers that prove where a message comes from (Standard Webhooks 1.0.0): HMAC-SHA256 over
 * `id.timestamp.body`, one signature for each secret, with spaces between them.
 */
export function signatureHeaders(
  { id, sentAtMs, body }: SignedMessage,
  secrets: readonly string[],
): Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>> {
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
