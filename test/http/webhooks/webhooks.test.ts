import { afterAll, describe, expect, test } from "bun:test";
import { verifyWebhook } from "../../../packages/proxy-client/src/webhook.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { seededOwnerId } from "../../support/seed-project.ts";
import { sessionHeaders } from "../../support/sign-in.ts";
import { openReceiver } from "../../support/webhook-receiver.ts";
import { createAsk, type Json } from "../ask.ts";
import { openTestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });
const ask = createAsk(server);
const owner = await sessionHeaders(server, seededOwnerId);
const receiver = openReceiver();
afterAll(receiver.close);

/** A project of the owner's own that may have an endpoint on this machine. */
async function make(): Promise<string> {
  // A minute's worth of requests is all there is.
  clock.advance(60_000);
  const { json } = await ask("POST", "/api/projects", owner, { name: "Fresh" });
  const path = `/api/projects/${(json["project"] as Json)["id"]}`;
  const allowed_origins = [receiver.origin];
  await ask("PUT", `${path}/proxy-config`, owner, { allowed_origins });
  return `${path}/webhooks`;
}

async function makeWithEndpoint(): Promise<{ readonly path: string; readonly secret: string }> {
  const path = await make();
  const { json } = await ask("PUT", path, owner, { webhook_url: receiver.url });
  return { path, secret: String(json["webhook_secret"]) };
}

const isEnabled = async (path: string) =>
  (await ask("GET", path, owner)).json["webhooks_enabled"] as boolean;

describe("where messages go", () => {
  test("is nowhere, until it is set; the secret is shown with the first URL alone", async () => {
    const path = await make();
    const before = await ask("GET", path, owner);
    expect(before.json).toEqual({
      webhook_url: null,
      webhook_events: ["asset.completed", "asset.failed"],
      webhooks_enabled: false,
      webhook_secret_preview: null,
      previous_webhook_secret_until: null,
    });
    const first = await ask("PUT", path, owner, { webhook_url: receiver.url });
    const secret = String(first.json["webhook_secret"]);
    expect(secret).toMatch(/^whsec_/);
    expect(first.json["webhook_secret_preview"]).toBe(`${secret.slice(0, 12)}…`);
    expect(first.json["webhooks_enabled"]).toBe(false);
    const { webhook_secret: _, ...shown } = first.json;
    expect((await ask("GET", path, owner)).json).toEqual(shown);
    const second = await ask("PUT", path, owner, { webhook_url: "https://example.com/x" });
    expect(second.json).toEqual({ ...shown, webhook_url: "https://example.com/x" });
  });

  test("is changed key by key, and removed with null", async () => {
    const { path } = await makeWithEndpoint();
    await ask("PUT", path, owner, { webhooks_enabled: true });
    const events = ["asset.queued", "asset.queued"];
    const { json } = await ask("PUT", path, owner, { webhook_events: events });
    expect(json).toMatchObject({ webhook_url: receiver.url, webhooks_enabled: true });
    expect(json["webhook_events"]).toEqual(["asset.queued"]);
    const removed = await ask("PUT", path, owner, { webhook_url: null });
    expect(removed.json).toMatchObject({ webhook_url: null, webhooks_enabled: false });
  });

  test.each([
    ["https://user:word@example.com/", "must not carry a user name or a password"],
    ["ftp://example.com/", "must begin with http:// or https://, got ftp:"],
    ["https://example.com:0/", "names port 0"],
    ["https://example.com:22/", "names port 22"],
    ["https://example.com:25/", "names port 25"],
    ["https://", "cannot be read"],
    ["http://example.com/", "must begin with https://"],
  ])("is not %s: it %s [W15]", async (webhook_url, fault) => {
    const { status, json } = await ask("PUT", await make(), owner, { webhook_url });
    expect([status, json["error"]]).toEqual([400, "Validation failed"]);
    const { details } = json as { details: { fieldErrors: Record<string, string[]> } };
    expect(details.fieldErrors["webhook_url"]?.[0]).toContain(fault);
  });

  test("has to be said before webhooks are switched on", async () => {
    const { status, json } = await ask("PUT", await make(), owner, { webhooks_enabled: true });
    expect([status, json["error"]]).toEqual([400, "Validation failed"]);
  });

  test("has a secret that rotates, with the one before good for a day", async () => {
    const { path, secret } = await makeWithEndpoint();
    const rotated = await ask("POST", `${path}/rotate-secret`, owner);
    const next = String(rotated.json["webhook_secret"]);
    expect(rotated.json).toEqual({ webhook_secret: next });
    expect(next).not.toBe(secret);
    const { json } = await ask("GET", path, owner);
    expect(json["webhook_secret_preview"]).toBe(`${next.slice(0, 12)}…`);
    const hours = (Number(json["previous_webhook_secret_until"]) - clock.now()) / 3_600_000;
    expect(hours).toBeCloseTo(24, 1);
    await ask("POST", `${path}/test`, owner);
    const { headers = {}, body: rawBody = "" } = receiver.received.at(-1) ?? {};
    for (const known of [secret, next]) {
      const now = clock.now;
      const { type } = await verifyWebhook({ secret: known, headers, rawBody, now });
      expect(type).toBe("asset.test");
    }
  });
});

describe("a test", () => {
  test("needs somewhere to go", async () => {
    const { status, json } = await ask("POST", `${await make()}/test`, owner);
    expect([status, json]).toEqual([409, { error: expect.stringMatching(/set a URL first/) }]);
  });

  test("that arrives first switches webhooks on; a later one leaves them off", async () => {
    const { path } = await makeWithEndpoint();
    const sent = await ask("POST", `${path}/test`, { ...owner, "X-Request-Id": "req_mine" });
    expect(sent.json).toMatchObject({ status: "delivered", response_code: 200, error: null });
    const message = receiver.received.at(-1);
    expect(message?.json).toMatchObject({
      id: sent.json["event_id"],
      type: "asset.test",
      asset_id: null,
      request_id: "req_mine",
    });
    expect(message?.headers["webhook-id"]).toBe(String(sent.json["event_id"]));
    expect(await isEnabled(path)).toBe(true);
    await ask("PUT", path, owner, { webhooks_enabled: false });
    await ask("POST", `${path}/test`, owner);
    expect(await isEnabled(path)).toBe(false);
  });

  test("that does not arrive says why, and is over", async () => {
    const { path } = await makeWithEndpoint();
    receiver.answer(500);
    const refused = await ask("POST", `${path}/test`, owner);
    receiver.answer(200);
    expect(refused.json).toMatchObject({
      status: "dead",
      response_code: 500,
      error: "the endpoint answered 500",
    });
    await ask("PUT", path, owner, { webhook_url: "https://nowhere.example/" });
    const lost = await ask("POST", `${path}/test`, owner);
    expect(lost.json).toMatchObject({ status: "dead", response_code: null });
    expect(lost.json["error"]).toContain("the endpoint could not be reached");
    expect(await isEnabled(path)).toBe(false);
  });

  test("that finds the endpoint gone switches webhooks off", async () => {
    const { path } = await makeWithEndpoint();
    await ask("PUT", path, owner, { webhooks_enabled: true });
    receiver.answer(410);
    await ask("POST", `${path}/test`, owner);
    receiver.answer(200);
    expect(await isEnabled(path)).toBe(false);
  });

  test("can be had thirty times a minute", async () => {
    const { path } = await makeWithEndpoint();
    clock.advance(60_000);
    const statuses: number[] = [];
    for (let count = 0; count < 31; count++) {
      statuses.push((await ask("POST", `${path}/test`, owner)).status);
    }
    expect(statuses).toEqual([...Array(30).fill(200), 429]);
  });
});

describe("deliveries", () => {
  test("are listed in pages, newest first, by status, and shown whole", async () => {
    const { path } = await makeWithEndpoint();
    const ids: unknown[] = [];
    for (const answer of [200, 500, 200]) {
      receiver.answer(answer);
      ids.unshift((await ask("POST", `${path}/test`, owner)).json["delivery_id"]);
      clock.advance(1);
    }
    const seen: unknown[] = [];
    for (let cursor = ""; ; ) {
      const { json } = await ask("GET", `${path}/deliveries?limit=1${cursor}`, owner);
      seen.push(...(json["deliveries"] as Json[]).map(({ id }) => id));
      if (json["next_cursor"] === null) break;
      cursor = `&cursor=${json["next_cursor"]}`;
    }
    expect(seen).toEqual(ids);
    const { json } = await ask("GET", `${path}/deliveries?status=dead`, owner);
    expect((json["deliveries"] as Json[]).map(({ id }) => id)).toEqual([ids[1]]);
    const whole = await ask("GET", `${path}/deliveries/${ids[1]}`, owner);
    const [listed] = json["deliveries"] as Json[];
    expect(whole.json).toMatchObject({ ...listed, response_body_preview: "", attempts_max: 6 });
    expect(JSON.parse(String(whole.json["payload_json"]))).toMatchObject({ type: "asset.test" });
    const bad = await ask("GET", `${path}/deliveries?cursor=zzz`, owner);
    expect(bad.json).toMatchObject({ details: { fieldErrors: { cursor: [expect.any(String)] } } });
  });

  test("can be had again while webhooks are on, each as another one", async () => {
    const { path } = await makeWithEndpoint();
    const { json: sent } = await ask("POST", `${path}/test`, owner);
    const at = `${path}/deliveries/${sent["delivery_id"]}`;
    const again = await ask("POST", `${at}/redeliver`, owner);
    expect(again.json).toEqual({ delivery_id: expect.any(String), status: "pending" });
    const shown = await ask("GET", `${path}/deliveries/${again.json["delivery_id"]}`, owner);
    expect(shown.json).toMatchObject({ event_id: sent["event_id"], attempt: 0 });
    await ask("PUT", path, owner, { webhooks_enabled: false });
    expect((await ask("POST", `${at}/redeliver`, owner)).status).toBe(409);
  });

  test("of another project are not there", async () => {
    const { path } = await makeWithEndpoint();
    const { json } = await ask("POST", `${path}/test`, owner);
    const other = await makeWithEndpoint();
    const at = `${other.path}/deliveries/${json["delivery_id"]}`;
    expect((await ask("GET", at, owner)).status).toBe(404);
    expect((await ask("POST", `${at}/redeliver`, owner)).status).toBe(404);
  });
});
