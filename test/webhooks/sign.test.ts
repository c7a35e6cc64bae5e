import { describe, expect, test } from "bun:test";
import { Webhook } from "standardwebhooks";
import { verifyWebhook } from "../../packages/proxy-client/src/webhook.ts";
import { createWebhookSecret, signatureHeaders } from "../../src/webhooks/sign.ts";

const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const message = {
  id: "evt_01HXY3K",
  sentAtMs: 1_714_801_234_999,
  body: '{"id":"evt_01HXY3K","type":"asset.test"}',
};

describe("a signature", () => {
  test("is the one of the public recipe", () => {
    expect(signatureHeaders(message, [secret])).toEqual({
      "webhook-id": "evt_01HXY3K",
      "webhook-timestamp": "1714801234",
      "webhook-signature": "v1,Cs6alcmK/gzlhNHbLq6scAFuti/QYDw3I+nyksB2QP8=",
    });
  });

  test("is one of each secret, and receivers with either take the message", async () => {
    const secrets = [createWebhookSecret(), createWebhookSecret()];
    const now = { ...message, sentAtMs: Date.now(), body: '{"type":"asset.test","ü":"☕"}' };
    const headers = signatureHeaders(now, secrets);
    expect(headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
    for (const known of secrets) {
      expect(new Webhook(known).verify(now.body, headers)).toEqual(JSON.parse(now.body));
      const verified = await verifyWebhook({ secret: known, headers, rawBody: now.body });
      expect(verified.type).toBe("asset.test");
    }
    const other = new Webhook(createWebhookSecret());
    expect(() => other.verify(now.body, headers)).toThrow();
    expect(() => new Webhook(secrets[0] ?? "").verify(`${now.body} `, headers)).toThrow();
  });

  test("has a secret of 24 to 64 bytes, another each time [W17]", () => {
    const made = Array.from({ length: 20 }, createWebhookSecret);
    expect(new Set(made).size).toBe(20);
    for (const one of made) {
      expect(one).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
      expect(Buffer.from(one.slice(6), "base64").length).toBeWithin(24, 65);
    }
  });
});
