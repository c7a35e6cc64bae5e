import { describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
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

  test("accepts a message under any of the secrets that are given", async () => {
    const old = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xk";
    expect(await verify({ secret: [old, secret] })).toMatchObject({ type: "asset.test" });
    await expect(verify({ secret: [old] })).rejects.toThrow("no signature matches");
  });

  test("takes a body as bytes, as they came", async () => {
    const bytes = new TextEncoder().encode(rawBody);
    expect(await verify({ rawBody: bytes })).toMatchObject({ type: "asset.test" });
    const marked = new TextEncoder().encode(`\uFEFF${rawBody}`);
    await expect(verify({ rawBody: marked })).rejects.toThrow("no signature matches");
    await expect(verify({ rawBody: new Uint8Array([0xff]) })).rejects.toThrow("no signature");
  });

  test("says so when what is signed is no JSON object", async () => {
    for (const text of ["", "null", "7", "{"]) {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const digest = createHmac("sha256", key).update(`evt_1.1714801234.${text}`).digest("base64");
      const signed = { ...headers, "webhook-id": "evt_1", "webhook-signature": `v1,${digest}` };
      const refused = verify({ headers: signed, rawBody: text });
      await expect(refused).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  test("holds the tolerance that it is given", async () => {
    const late = { now: () => 1714801834_000 };
    expect(await verify({ ...late, toleranceSeconds: 600 })).toMatchObject({ type: "asset.test" });
    await expect(verify({ ...late, toleranceSeconds: 599 })).rejects.toThrow("too far");
  });

  const rows: [string, Partial<Parameters<typeof verifyWebhook>[0]>, string][] = [
    ["a changed body", { rawBody: `${rawBody} ` }, "no signature matches"],
    ["another secret", { secret: "whsec_AAAA" }, "no signature matches"],
    ["a message from five minutes ago", { now: () => 1714801535_000 }, "too far"],
    ["a message from the future", { now: () => 1714800933_000 }, "too far"],
    ["a missing header", { headers: { "webhook-id": "x" } }, "is missing"],
    ["a time that is none", { headers: { ...headers, "webhook-timestamp": "x" } }, "no number"],
    ["a secret that is none", { secret: "whsec_*" }, "secret must be whsec_"],
    ["a secret that is empty, which anybody could guess", { secret: "whsec_" }, "secret must be"],
    ["a message when there is no secret", { secret: [] }, "no signature matches"],
  ];
  for (const [name, changes, message] of rows) {
    test(`refuses ${name}`, () => expect(verify(changes)).rejects.toThrow(message));
  }
});
