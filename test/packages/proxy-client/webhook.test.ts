import { describe, expect, test } from "bun:test";
import { verifyWebhook } from "../../../packages/proxy-client/src/webhook.ts";

// The vector of the public recipe.
const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const rawBody = '{"id":"evt_01HXY3K","type":"asset.test"}';
const headers = {
  "webhook-id": "evt_01HXY3K",
  "webhook-timestamp": "1714801234",
  "webhook-signature": "v1,Cs6alcmK/gzlhNHbLq6scAFuti/QYDw3I+nyksB2QP8=",
};
const now = () => 1714801234_000;

const verify = (changes: Partial<Parameters<typeof verifyWebhook>[0]>) =>
  verifyWebhook({ secret, headers, rawBody, now, ...changes });

describe("verifyWebhook", () => {
  test("accepts the public vector, from a Headers or any spelling of an object", async () => {
    expect(await verify({})).toMatchObject({ id: "evt_01HXY3K", type: "asset.test" });
    expect(await verify({ headers: new Headers(headers) })).toMatchObject({ type: "asset.test" });
    const spelled = { ...headers, "webhook-id": undefined, "Webhook-Id": ["evt_01HXY3K"] };
    expect(await verify({ headers: spelled })).toMatchObject({ type: "asset.test" });
  });

  test("accepts one good signature among those of a rotation", async () => {
    const good = headers["webhook-signature"];
    for (const signatures of [`v1,AAAA ${good}`, `${good},v1,AAAA`, `v2,x v1,!! ${good}`]) {
      const rotated = { ...headers, "webhook-signature": signatures };
      expect(await verify({ headers: rotated })).toMatchObject({ type: "asset.test" });
    }
  });

  const rows: [string, Partial<Parameters<typeof verifyWebhook>[0]>, string][] = [
    ["a changed body", { rawBody: `${rawBody} ` }, "no signature matches"],
    ["another secret", { secret: "whsec_AAAA" }, "no signature matches"],
    ["a message from five minutes ago", { now: () => 1714801535_000 }, "too far"],
    ["a message from the future", { now: () => 1714800933_000 }, "too far"],
    ["a missing header", { headers: { "webhook-id": "x" } }, "is missing"],
    ["a time that is none", { headers: { ...headers, "webhook-timestamp": "x" } }, "no number"],
    ["a secret that is none", { secret: "whsec_*" }, "no whsec_"],
  ];
  for (const [name, changes, message] of rows) {
    test(`refuses ${name}`, () => expect(verify(changes)).rejects.toThrow(message));
  }
});
