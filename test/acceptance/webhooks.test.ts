import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Webhook } from "standardwebhooks";
import type { OpenApiDocument } from "../../src/http/reference/open-api.ts";
import { until } from "../support/until.ts";
import { openReceiver, type Received, type Receiver } from "../support/webhook-receiver.ts";
import { check, once } from "./check.ts";
import type { Json } from "./client.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { subscribe } from "./stream.ts";

const query = "?dur=2&mode=animate-in&motion=subtle";
const everyType = [
  "asset.queued",
  "asset.stage_completed",
  "asset.completed",
  "asset.failed",
  "asset.retry_scheduled",
];

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, startTimeoutMs);
afterAll(() => site.stop());

interface Subscriber extends Project {
  readonly receiver: Receiver;
  readonly secret: string;
  readonly hooks: string;
}

/** A project whose messages of these types go to a receiver of its own. */
async function openSubscriber(types: readonly string[], answer = 200): Promise<Subscriber> {
  const project = await site.openProject();
  const receiver = openReceiver(answer);
  afterAll(receiver.close);
  const allowed_origins = [...site.origin.origins, receiver.origin];
  await site.owner.put(`/api/projects/${project.id}/proxy-config`, { allowed_origins });
  const hooks = `/api/projects/${project.id}/webhooks`;
  const settings = { webhook_url: receiver.url, webhook_events: types, webhooks_enabled: true };
  const { status, json } = await site.owner.put(hooks, settings);
  expect(status).toBe(200);
  return { ...project, receiver, hooks, secret: String(json["webhook_secret"]) };
}

/** Asks for a clip and follows it to the end of its stream. */
async function walk(subscriber: Subscriber, picture: string, more = "") {
  const asked = await site.nobody.get(subscriber.proxy(picture, query + more));
  const id = assetOf(asked);
  const stream = await subscribe(site.nobody, `/v1/${subscriber.key}/events/${id}`);
  const heard = await stream.ended();
  return { id, asked, heard, names: heard.map(({ event }) => event) };
}

const listed = async ({ hooks }: Subscriber) =>
  (await site.owner.get(`${hooks}/deliveries`)).json["deliveries"] as readonly Json[];
const typesOf = (received: readonly Received[]) => received.map(({ json }) => json["type"]);

/** A clip that becomes ready, told of with all its stages. */
const whole = once(async () => {
  const subscriber = await openSubscriber(everyType);
  const walked = await walk(subscriber, "still.png");
  return { ...walked, subscriber, deliveries: await listed(subscriber) };
});

/** A clip whose endpoint takes nothing. */
const refused = once(async () => {
  const subscriber = await openSubscriber(["asset.queued"], 500);
  const id = assetOf(await site.nobody.get(subscriber.proxy("slow.png", query)));
  const stream = await subscribe(site.nobody, `/v1/${subscriber.key}/events/${id}`);
  const failed = await stream.hears("webhook_failed");
  await stream.leave();
  return { failed, deliveries: await listed(subscriber) };
});

describe("on the stream", () => {
  check("L05", async () => {
    const { names } = await whole();
    const after = names.slice(names.indexOf("ready") + 1);
    expect(after).toContain("webhook_dispatched");
    expect(after.at(-1)).toBe("webhook_delivered");
  });
  check("S10", async () => {
    const { heard, id } = await whole();
    const told = heard.filter(({ event }) => event.startsWith("webhook_"));
    expect(new Set(told.map(({ event }) => event))).toEqual(
      new Set(["webhook_dispatched", "webhook_delivered"]),
    );
    for (const { data } of told) {
      expect(data).toMatchObject({ asset_id: id, attempt: 1, ts: expect.any(Number) });
    }
  });
  check("L26", async () => {
    const { heard, deliveries } = await whole();
    const dispatched = heard.filter(({ event }) => event === "webhook_dispatched");
    const ids = dispatched.map(({ data }) => data["delivery_id"]);
    expect(ids.toSorted()).toEqual(deliveries.map(({ id }) => id as unknown).toSorted());
  });
  check("L27", async () => {
    const { heard, deliveries } = await whole();
    const delivered = heard.filter(({ event }) => event === "webhook_delivered");
    expect(delivered).toHaveLength(deliveries.length);
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({ status: "delivered", response_code: 200, attempt: 1 });
    }
  });
  check("L28", async () => {
    const { failed, deliveries } = await refused();
    expect(failed.data).toMatchObject({
      error_code: "webhook_rejected",
      error_msg: "the endpoint answered 500",
      attempt: 1,
    });
    expect(deliveries).toMatchObject([{ status: "failed", response_code: 500, attempt: 1 }]);
    const waitMs = Number(deliveries[0]?.["next_attempt_ts"]) - Number(failed.data["ts"]);
    expect(waitMs).toBeWithin(20_000, 40_000);
  });
});

describe("at the endpoint", () => {
  check("L12", async () => {
    const { received } = (await whole()).subscriber.receiver;
    const counts = Object.groupBy(typesOf(received), (type) => String(type));
    const told = Object.entries(counts).map(([type, all]) => [type, all?.length]);
    expect(Object.fromEntries(told)).toEqual({
      "asset.queued": 1,
      "asset.stage_completed": 3,
      "asset.completed": 1,
    });
  });
  check("S23", async () => {
    const { subscriber, deliveries } = await whole();
    const { received, url } = subscriber.receiver;
    expect(received.length).toBeGreaterThan(0);
    for (const { headers, body, json } of received) {
      expect(headers["content-type"]).toBe("application/json");
      expect(new Webhook(subscriber.secret).verify(body, headers)).toEqual(json);
    }
    expect(new Set(deliveries.map((delivery) => delivery["url"]))).toEqual(new Set([url]));
  });
  check("L42", async () => {
    const { subscriber, id, asked } = await whole();
    const { json } =
      subscriber.receiver.received.find((one) => one.json["type"] === "asset.completed") ?? {};
    const { asset } = (await site.owner.get(`/api/assets/${id}`)).json as { readonly asset: Json };
    expect(json).toEqual({
      id: expect.stringMatching(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/),
      type: "asset.completed",
      ts: expect.any(Number),
      asset_id: id,
      project_id: subscriber.id,
      request_id: asked.headers.get("x-request-id"),
      data: { mp4_url: asset["mp4_url"], bytes: asset["bytes"], loop_mode: null },
    });
  });
  check("S22", async () => {
    const { heard, subscriber } = await whole();
    expect(subscriber.receiver.received.length).toBeGreaterThan(0);
    const delays = subscriber.receiver.received.map(({ json, cameAt }) => {
      return cameAt - Number(json["ts"]);
    });
    expect(heard.length).toBeGreaterThan(0);
    // The fastest, since other tests take the processor from this one.
    expect(Math.min(...delays)).toBeLessThan(150);
  });
  check("E44", async () => {
    const subscriber = await openSubscriber(["asset.retry_scheduled"]);
    await walk(subscriber, "flaky.png");
    expect(subscriber.receiver.received.map(({ json }) => json)).toMatchObject([
      {
        type: "asset.retry_scheduled",
        data: { stage: "vision", attempt: 1, error_code: "source_unfetchable", delay_ms: 1000 },
      },
    ]);
  });
  check("R18", async () => {
    const subscriber = await openSubscriber(["asset.completed"]);
    const { id } = await walk(subscriber, "still.png", "&seed=1");
    expect((await site.owner.post(`/api/assets/${id}/regenerate`)).status).toBe(200);
    const { receiver } = subscriber;
    const stream = await subscribe(site.nobody, `/v1/${subscriber.key}/events/${id}`);
    await stream.ended();
    expect(typesOf(receiver.received)).toEqual(["asset.completed", "asset.completed"]);
    const ids = receiver.received.map(({ json }) => json["id"]);
    expect(new Set(ids).size).toBe(2);
  });
  check("E49", async () => {
    const subscriber = await openSubscriber(["asset.queued"], 410);
    const id = assetOf(await site.nobody.get(subscriber.proxy("slow.png", query)));
    const stream = await subscribe(site.nobody, `/v1/${subscriber.key}/events/${id}`);
    await stream.hears("webhook_dead_letter");
    const [dead] = await listed(subscriber);
    // Whoever is gone is given up at once; anybody else after the sixth.
    expect(dead).toMatchObject({ status: "dead", attempt: 1, attempts_max: 6 });
    subscriber.receiver.answer(200);
    await site.owner.put(subscriber.hooks, { webhooks_enabled: true });
    const path = `${subscriber.hooks}/deliveries/${String(dead?.["id"])}/redeliver`;
    const again = await site.owner.post(path);
    expect(again.json).toMatchObject({ status: "pending" });
    await until(() => subscriber.receiver.received.length === 2);
    const [first, second] = subscriber.receiver.received;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"] ?? "");
    await stream.leave();
  });

  test("every message is as the OpenAPI document says", async () => {
    const subscriber = await openSubscriber(everyType);
    await walk(subscriber, "flaky-again.png");
    await walk(subscriber, "missing.png");
    await site.owner.post(`${subscriber.hooks}/test`);
    const document = (await site.nobody.get("/api/openapi.json")).json as unknown;
    // Receivers are told to expect more; that nothing is left unsaid is for us to see.
    const { webhooks } = closed(document) as OpenApiDocument;
    const { received } = subscriber.receiver;
    expect(new Set(typesOf(received))).toEqual(new Set(Object.keys(webhooks)));
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    for (const { json, headers } of received) {
      const { requestBody, parameters = [] } = webhooks[String(json["type"])]?.post ?? {};
      const schema = requestBody?.content["application/json"]?.schema ?? false;
      expect([json, ajv.validate(schema, json), ajv.errorsText()]).toEqual([
        json,
        true,
        "No errors",
      ]);
      for (const { name } of parameters) expect(headers).toHaveProperty(name);
    }
  }, 60_000);
});

function closed(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === "additionalProperties" ? false : value,
  );
}
