import { describe, expect, test } from "bun:test";
import { apiExamples } from "./documented-api.ts";
import { type DocumentedExample, proxyExamples } from "./documented-examples.ts";
import { webhookExamples } from "./documented-webhooks.ts";
import { addLimitedProject, openDocumentedWorld, recipe } from "./documented-world.ts";
import { createJsonClient } from "./json-client.ts";
import { finishClip } from "./test-server.ts";

const world = await openDocumentedWorld();
const { server, owner, ids } = world;

/** The same with the names of what there is. */
function named(text: string): string {
  const names = { ...ids, sig: recipe.sig };
  return Object.entries(names).reduce((done, [name, id]) => done.replaceAll(`{${name}}`, id), text);
}

async function replay(example: DocumentedExample): Promise<void> {
  const [method = "", path = ""] = named(example.request).split(" ");
  const headers = { ...(example.signedIn ? owner : {}), ...example.headers };
  const text = example.body === undefined ? "" : JSON.stringify(example.body);
  const json = text === "" ? {} : { "Content-Type": "application/json" };
  const length = { "Content-Length": String(Buffer.byteLength(text)) };
  const answer = await server.send({
    method,
    path,
    headers: { ...headers, ...json, ...(method === "GET" ? {} : length) },
    body: text,
  });
  expect([answer.status, answer.status === example.status ? "" : `${answer.body}`]).toEqual([
    example.status,
    "",
  ]);
  for (const [name, wanted] of Object.entries(example.answers ?? {})) {
    expect<unknown>([name, answer.headers[name]]).toEqual([name, wantedHeader(wanted)]);
  }
  if (example.json === undefined) return;
  compare(JSON.parse(answer.body.toString()), example.json, "body");
}

function wantedHeader(wanted: string | RegExp | null): unknown {
  if (wanted === null) return undefined;
  return typeof wanted === "string" ? wanted : expect.stringMatching(wanted);
}

/** Every key that is documented is there, and as it is documented; further ones may be. */
function compare(given: unknown, wanted: unknown, at: string): void {
  if (wanted instanceof RegExp) {
    expect([at, given]).not.toEqual([at, undefined]);
    if (wanted.source !== "(?:)")
      expect<unknown>([at, String(given)]).toEqual([at, wantedHeader(wanted)]);
  } else if (typeof wanted !== "object" || wanted === null) {
    expect([at, given]).toEqual([at, typeof wanted === "string" ? named(wanted) : wanted]);
  } else {
    const object = given as Readonly<Record<string, unknown>>;
    for (const [key, value] of Object.entries(wanted)) compare(object[key], value, `${at}.${key}`);
  }
}

describe("the proxy URL of the public pages", () => {
  test.each(proxyExamples.map((example) => [example.request, example.says, example] as const))(
    "%s: %s",
    async (_request, _says, example) => replay(example),
  );
});

describe("the API of the public pages", () => {
  const examples = [...apiExamples, ...webhookExamples];
  test.each(examples.map((example) => [example.request, example.says, example] as const))(
    "%s: %s",
    async (_request, _says, example) => replay(example),
  );
});

describe("a month that is used up", () => {
  const upgrade = { upgrade_url: "https://motioness.com/pricing" };

  test("says so with the documented words, on the proxy, prepare and regenerate", async () => {
    const { id, headers } = await addLimitedProject(world, "free", "pk_free");
    const url = (seed: number) => server.get(`/v1/pk_free/acme.com/a.png.mp4?seed=${seed}`);
    const first = (await url(1)).headers["x-motioness-asset-id"] ?? "";
    for (let seed = 2; seed <= 5; seed += 1) expect((await url(seed)).status).toBe(202);
    const refused = await url(6);
    const monthly = { error: "monthly limit reached", ...upgrade };
    expect([refused.status, JSON.parse(refused.body.toString())]).toEqual([429, monthly]);
    const ask = createJsonClient(server, headers);
    const body = { project_id: id, src: "https://acme.com/b.png" };
    const prepared = await ask("POST", "/api/v1/prepare", body);
    expect([prepared.status, prepared.json]).toEqual([429, monthly]);
    await finishClip(server, first);
    const again = await ask("POST", `/api/assets/${first}/regenerate`, {});
    expect([again.status, again.json]).toEqual([
      429,
      { error: "monthly generation limit reached", ...upgrade },
    ]);
  });

  test("says that overage is off where the plan has it", async () => {
    const { id, headers } = await addLimitedProject(world, "pro", "pk_pro");
    const ask = createJsonClient(server, headers);
    const error = "overage disabled — enable in project settings or upgrade plan";
    for (let seed = 1; seed <= 101; seed += 1) {
      const answer = await server.get(`/v1/pk_pro/acme.com/a.png.mp4?seed=${seed}`);
      if (seed <= 100) expect(answer.status).toBe(202);
      else expect(JSON.parse(answer.body.toString())).toEqual({ error });
    }
    await ask("PATCH", `/api/projects/${id}`, { overage_enabled: true });
    expect((await server.get("/v1/pk_pro/acme.com/a.png.mp4?seed=101")).status).toBe(202);
  });
});

test("sixty prepares a minute, and then the documented refusal", async () => {
  const { id, headers } = await addLimitedProject(world, "unlimited", "pk_many");
  const ask = createJsonClient(server, headers);
  const body = { project_id: id, src: "https://acme.com/a.png" };
  for (let count = 0; count < 60; count += 1) {
    expect((await ask("POST", "/api/v1/prepare?estimate=1", body)).status).toBe(200);
  }
  world.clock.advance(55_000);
  const refused = await ask("POST", "/api/v1/prepare", body);
  expect([refused.status, refused.json, refused.headers["retry-after"]]).toEqual([
    429,
    { error: "rate limited", retry_after_ms: 5000 },
    "5",
  ]);
});

test("a frame of the event stream has the three documented lines", async () => {
  const stream = await fetch(`${server.http.url}/v1/pk_abc/events/${ids.pending}`);
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  const reader = stream.body?.getReader();
  let text = "";
  const readUntil = async (pattern: RegExp) => {
    while (!pattern.test(text)) text += new TextDecoder().decode((await reader?.read())?.value);
  };
  await readUntil(/\n\n$/);
  const [, id, event, data] = /^id: (\d{13})\nevent: (\w+)\ndata: (\{.*\})\n\n/m.exec(text) ?? [];
  expect(event).toBe("queued");
  const payload = JSON.parse(data ?? "{}") as Record<string, unknown>;
  expect(payload["asset_id"]).toBe(ids.pending);
  expect(payload["ts"]).toBeNumber();
  expect(payload["attempt"]).toBe(1);
  expect(payload["request_id"]).toMatch(/^req_/);
  world.clock.advance(15_000);
  await readUntil(/^: ping$/m);
  await reader?.cancel();
  const resumed = await fetch(`${server.http.url}/v1/pk_abc/events/${ids.ready}`, {
    headers: { "Last-Event-ID": id ?? "" },
  });
  const rest = await resumed.text();
  expect(rest).toContain("event: ready\n");
  for (const [, cursor] of rest.matchAll(/^id: (\d+)$/gm)) {
    expect(Number(cursor)).toBeGreaterThan(Number(id));
  }
});

test("an upload has the documented address, and refuses what is too large or no picture", async () => {
  const send = async (bytes: Uint8Array<ArrayBuffer>, type: string) => {
    const form = new FormData();
    form.append("file", new Blob([bytes], { type }), "hero.png");
    const path = `${server.http.url}/api/v1/upload`;
    const answer = await fetch(path, { method: "POST", headers: owner, body: form });
    return { status: answer.status, json: (await answer.json()) as Record<string, string> };
  };
  const { status, json } = await send(world.picture, "image/png");
  expect([status, json["url"]]).toEqual([200, `https://motioness.com/${json["key"]}`]);
  expect(json["key"]).toMatch(/^uploads\/usr_owner\/[\w-]+\.png$/);
  const large = await send(new Uint8Array(10 * 1024 * 1024 + 1), "image/png");
  expect([large.status, large.json]).toEqual([413, { error: "file exceeds 10 MB limit" }]);
  const drawing = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const svg = await send(drawing, "image/svg+xml");
  expect([svg.status, svg.json["error"]]).toEqual([415, "unsupported type: image/svg+xml"]);
});
