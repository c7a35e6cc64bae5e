import { describe, expect, test } from "bun:test";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { createJsonClient } from "../json-client.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const upgradeUrl = "https://example.com/pricing";
const server = await openTestServer({ config: { rateLimits: { prepare: 100_000 }, upgradeUrl } });
const owner = createJsonClient(server, await keyHeaders(server.store, server.ownerId));
const src = "https://cdn.acme.com/hero.png";
const body = { project_id: server.projectId, src };
const prepare = (more: object = {}, query = "") =>
  owner("POST", `/api/v1/prepare${query}`, { ...body, ...more });
const count = async (table: "assets" | "generations" | "events") =>
  (await server.store.read.selectFrom(table).select("id").execute()).length;

describe("a prepare", () => {
  test("starts the asset that the proxy URL would, and answers 200 at once", async () => {
    const { status, json } = await prepare();
    expect([status, json]).toEqual([
      200,
      { asset_id: json["asset_id"], status: "pending", eta_seconds: 28 },
    ]);
    const clip = await server.get(server.url("cdn.acme.com/hero.png.mp4"));
    expect(clip.headers["x-motioness-asset-id"]).toBe(String(json["asset_id"]));
    expect((await prepare()).json["asset_id"]).toBe(json["asset_id"]);
    expect(await count("generations")).toBe(1);
  });

  test("tells where the clip is once it is ready", async () => {
    const { json } = await prepare({ seed: 1 });
    const id = String(json["asset_id"]);
    await finishClip(server, id, { poster: new Uint8Array(10) });
    expect((await prepare({ seed: 1 })).json).toEqual({
      asset_id: id,
      status: "ready",
      mp4_url: `${server.http.url}/r2/assets/${id}.mp4`,
      poster_url: `${server.http.url}/r2/assets/${id}.jpg`,
    });
  });

  test("takes every option that the proxy URL takes, under its JSON name", async () => {
    const { json } = await prepare({
      motion: "kinetic",
      mode: "animate-in",
      dur_seconds: 6,
      prompt_override: "a slow pan",
      seed: 7,
      aspect: "1:1",
      idem: "variant-a",
    });
    const query =
      "?motion=kinetic&mode=animate-in&dur=6&prompt=a+slow+pan&seed=7&aspect=1:1&idem=variant-a";
    const clip = await server.get(server.url("cdn.acme.com/hero.png.mp4", query));
    expect(clip.headers["x-motioness-asset-id"]).toBe(String(json["asset_id"]));
  });

  test.each<[string, object, string]>([
    ["no source", { src: undefined }, "src"],
    ["a source that is no URL", { src: "hero" }, "src"],
    ["a source with a look-alike host", { src: "https://ⅽdn.acme.com/a.png" }, "src"],
    ["a motion there is none of", { motion: "wild" }, "motion"],
    ["a duration out of range", { dur_seconds: 9 }, "dur_seconds"],
    ["half a second", { dur_seconds: 2.5 }, "dur_seconds"],
    ["a number as text", { dur_seconds: "4" }, "dur_seconds"],
    ["an endless prompt", { prompt_override: "x".repeat(501) }, "prompt_override"],
    ["a control character", { prompt_override: "a\u0007" }, "prompt_override"],
    ["a negative seed", { seed: -1 }, "seed"],
    ["an unknown field", { width: 100 }, "width"],
  ])("with %s is refused, naming the field", async (_name, change, field) => {
    const { status, json } = await prepare(change);
    expect([status, json["error"]]).toEqual([400, "Validation failed"]);
    const { fieldErrors } = json["details"] as { fieldErrors: Record<string, string[]> };
    expect(Object.keys(fieldErrors)).toEqual([field]);
  });

  test("of a source that the project does not allow is refused as its proxy URL is", async () => {
    const { status, json } = await prepare({ src: "https://evil.com/a.png" });
    expect([status, json]).toEqual([403, { error: "origin not in allowlist" }]);
  });

  test("is refused without a right to the project, which nobody learns of", async () => {
    const outsider = await addUser(server.store);
    const ask = createJsonClient(server, await keyHeaders(server.store, outsider));
    const before = await count("assets");
    expect(await ask("POST", "/api/v1/prepare", body)).toMatchObject({
      status: 404,
      json: { error: "Project not found" },
    });
    expect((await createJsonClient(server)("POST", "/api/v1/prepare", body)).status).toBe(401);
    await server.store.write((tx) =>
      tx.query
        .insertInto("project_members")
        .values({ project_id: server.projectId, user_id: outsider, role: "viewer", created_at: 1 })
        .execute(),
    );
    expect((await ask("POST", "/api/v1/prepare", { ...body, idem: "viewer" })).status).toBe(403);
    expect(await count("assets")).toBe(before);
  });
});

test("an estimate starts nothing", async () => {
  const before = [await count("assets"), await count("events")];
  const { status, json } = await prepare({ idem: "estimated" }, "?estimate=1");
  expect([status, json]).toEqual([
    200,
    {
      asset_id: json["asset_id"],
      status: "pending",
      eta_seconds: 28,
      estimate: { exists: false, generations: 1, cost_usd: 0 },
    },
  ]);
  expect([await count("assets"), await count("events")]).toEqual(before);
  expect((await prepare({ seed: 1 }, "?estimate=1")).json).toMatchObject({
    status: "ready",
    estimate: { exists: true, generations: 0 },
  });
});

describe("a batch", () => {
  const batch = (items: readonly object[]) =>
    owner("POST", "/api/v1/prepare/batch", { items: items.map((item) => ({ ...body, ...item })) });

  test("answers each item by itself, in order", async () => {
    const { status, json } = await batch([
      { seed: 1 },
      { src: "https://evil.com/a.png" },
      { project_id: "proj_none" },
      { idem: "batched" },
    ]);
    expect(status).toBe(200);
    expect(json["results"]).toMatchObject([
      { status: "ready" },
      { error: "origin not in allowlist", status_code: 403 },
      { error: "Project not found", status_code: 404 },
      { status: "pending" },
    ]);
  });

  test("has one to a hundred items", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ idem: `many-${index % 3}` }));
    expect((await batch(many)).status).toBe(200);
    expect((await batch([...many, {}])).status).toBe(400);
    expect((await batch([])).status).toBe(400);
  });
});

describe("the month of a plan", async () => {
  const free = await openTestServer({
    seed: { allowedOrigins: ["https://acme.com"], plan: "free" },
    config: { upgradeUrl },
  });
  const ask = createJsonClient(free, await keyHeaders(free.store, free.ownerId));
  const start = (more: object) => ask("POST", "/api/v1/prepare", { ...body, ...more });

  test("has no other aspect than the source's on free, for prepare and proxy", async () => {
    const refused = await start({ aspect: "1:1" });
    expect([refused.status, refused.json]).toEqual([400, { error: "aspect requires Pro" }]);
    const clip = await free.get(free.url("acme.com/a.png.mp4", "?aspect=16:9"));
    expect([clip.status, JSON.parse(clip.body.toString())]).toEqual([
      400,
      { error: "aspect requires Pro" },
    ]);
    expect(await free.store.read.selectFrom("usage").select("used").execute()).toEqual([]);
  });

  test("ends with the documented texts, and says where to get more", async () => {
    const ids: string[] = [];
    for (let seed = 1; seed <= 5; seed++)
      ids.push(String((await start({ seed })).json["asset_id"]));
    const refused = await start({ seed: 6 });
    expect([refused.status, refused.json]).toEqual([
      429,
      { error: "monthly limit reached", upgrade_url: upgradeUrl },
    ]);
    await finishClip(free, ids[0] ?? "");
    const again = await ask("POST", `/api/assets/${ids[0]}/regenerate`, {});
    expect([again.status, again.json]).toEqual([
      429,
      { error: "monthly generation limit reached", upgrade_url: upgradeUrl },
    ]);
    expect((await ask("POST", `/api/assets/${ids[1]}/cancel`)).status).toBe(200);
    expect((await start({ seed: 6 })).status).toBe(200);
  });

  test("goes on with overage where the plan has it and the project allows it", async () => {
    const pro = await openTestServer({
      seed: { allowedOrigins: ["https://acme.com"], plan: "pro" },
    });
    const month = new Date().toISOString().slice(0, 7);
    await pro.store.write((tx) =>
      tx.query
        .insertInto("usage")
        .values({ user_id: pro.ownerId, month, used: 100, overage: 0 })
        .execute(),
    );
    const by = createJsonClient(pro, await keyHeaders(pro.store, pro.ownerId));
    const refused = await by("POST", "/api/v1/prepare", body);
    expect([refused.status, refused.json["error"]]).toEqual([
      429,
      "overage disabled — enable in project settings or upgrade plan",
    ]);
    await pro.store.write((tx) =>
      tx.query.updateTable("projects").set({ overage_enabled: 1 }).execute(),
    );
    expect((await by("POST", "/api/v1/prepare", body)).status).toBe(200);
    const usage = await pro.store.read.selectFrom("usage").select(["used", "overage"]).execute();
    expect(usage).toEqual([{ used: 101, overage: 1 }]);
  });
});

test("a thousand at once over fifty options make fifty assets and fifty charges", async () => {
  const many = await openTestServer({ config: { rateLimits: { prepare: 100_000 } } });
  const ask = createJsonClient(many, await keyHeaders(many.store, many.ownerId));
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) =>
      ask("POST", "/api/v1/prepare", { ...body, seed: index % 50 }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ json }) => json["asset_id"])).size).toBe(50);
  const read = many.store.read;
  expect(await read.selectFrom("assets").select("id").execute()).toHaveLength(50);
  expect(await read.selectFrom("usage").select("used").execute()).toEqual([{ used: 50 }]);
});

test("with the documented limit, sixty a minute are answered and the rest is told to wait", async () => {
  const limited = await openTestServer();
  const ask = createJsonClient(limited, await keyHeaders(limited.store, limited.ownerId));
  const answers = await Promise.all(
    Array.from({ length: 70 }, () => ask("POST", "/api/v1/prepare", body)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.json["error"]).toBe("rate limited");
  expect(refused?.json["retry_after_ms"]).toBeNumber();
  expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(0);
});
