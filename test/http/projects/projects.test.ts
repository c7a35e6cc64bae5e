import { describe, expect, test } from "bun:test";
import { deleteProject } from "../../../src/assets/project-end.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { seededOwnerId, seededProjectId } from "../../support/seed-project.ts";
import { addUser, keyHeaders, sessionHeaders } from "../../support/sign-in.ts";
import { createAsk, type Json } from "../ask.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });

const ask = createAsk(server);
const owner = await sessionHeaders(server, seededOwnerId);
const person = async () => {
  const userId = await addUser(server.store);
  return { userId, headers: await sessionHeaders(server, userId) };
};
const [editor, viewer, outsider] = [await person(), await person(), await person()];
const members = `/api/projects/${seededProjectId}/members`;
await ask("PUT", members, owner, { user_id: editor.userId, role: "editor" });
await ask("PUT", members, owner, { user_id: viewer.userId, role: "viewer" });

/** A project of the owner's own, shared with nobody. */
async function make(): Promise<{
  readonly id: string;
  readonly path: string;
  readonly key: string;
}> {
  const { json } = await ask("POST", "/api/projects", owner, { name: "Fresh" });
  const { id, proxy_key: key } = json["project"] as { id: string; proxy_key: string };
  return { id, path: `/api/projects/${id}`, key };
}

describe("a project", () => {
  test("is made with the documented defaults, and read, changed and listed", async () => {
    const made = await ask("POST", "/api/projects", owner, {
      name: " Acme ",
      website_url: "https://acme.com",
    });
    expect(made.status).toBe(201);
    const { id } = made.json["project"] as { id: string };
    // A copy, for matching writes the patterns into what it matches.
    expect(structuredClone(made.json["project"])).toMatchObject({
      id: expect.stringMatching(/^proj_[0-9A-Za-z]{16}$/),
      name: "Acme",
      website_url: "https://acme.com",
      role: "owner",
      proxy_key: expect.stringMatching(/^pk_[0-9A-Za-z]{24}$/),
      allowed_origins: [],
      enable_signing: false,
      default_motion: "medium",
      default_mode: "loop",
      default_dur_seconds: 4,
      pending_mode: "json",
      overage_enabled: false,
      generations_per_day_max: null,
      webhook_events: ["asset.completed", "asset.failed"],
      brand: null,
    });
    const changed = await ask("PATCH", `/api/projects/${id}`, owner, {
      overage_enabled: true,
      generations_per_day_max: 7,
      website_url: null,
    });
    expect(changed.json["project"]).toMatchObject({
      name: "Acme",
      overage_enabled: true,
      generations_per_day_max: 7,
      website_url: null,
    });
    expect((await ask("GET", `/api/projects/${id}`, owner)).json).toEqual(changed.json);
    const { projects } = (await ask("GET", "/api/projects", owner)).json as { projects: Json[] };
    expect(projects.map((project) => project["id"])).toContain(id);
    expect(projects[0]).not.toHaveProperty("brand");
  });

  test("is listed in pages, whose cursor is checked", async () => {
    await make();
    const seen: unknown[] = [];
    for (let cursor = ""; ; ) {
      const query = cursor === "" ? "" : `&cursor=${cursor}`;
      const { json } = await ask("GET", `/api/projects?limit=1${query}`, owner);
      seen.push(...(json["projects"] as Json[]).map((project) => project["id"]));
      if (json["next_cursor"] === null) break;
      cursor = String(json["next_cursor"]);
    }
    const whole = (await ask("GET", "/api/projects", owner)).json["projects"] as Json[];
    expect(seen).toEqual(whole.map((project) => project["id"]));
    const bad = await ask("GET", "/api/projects?cursor=zzz", owner);
    expect(bad.json).toMatchObject({ details: { fieldErrors: { cursor: [expect.any(String)] } } });
  });
});

describe("every route by every role", () => {
  const base = `/api/projects/${seededProjectId}`;
  const unchanged = { name: "Seeded" };
  // method, path, body, then what owner, editor, viewer and outsider get.
  const rows: [string, string, unknown, readonly number[]][] = [
    ["GET", base, undefined, [200, 200, 200, 404]],
    ["PATCH", base, unchanged, [200, 200, 403, 404]],
    ["PATCH", base, { overage_enabled: true }, [200, 403, 403, 404]],
    ["GET", `${base}/proxy-config`, undefined, [200, 200, 200, 404]],
    ["PUT", `${base}/proxy-config`, { default_motion: "medium" }, [200, 200, 403, 404]],
    ["PUT", `${base}/proxy-config`, { enable_signing: true }, [200, 403, 403, 404]],
    ["PUT", `${base}/proxy-config`, { enable_signing: false }, [200, 403, 403, 404]],
    ["POST", `${base}/keys/rotate?which=signing`, undefined, [200, 403, 403, 404]],
    ["POST", `${base}/keys/rotate?which=proxy`, undefined, [200, 403, 403, 404]],
    ["GET", `${base}/members`, undefined, [200, 200, 200, 404]],
    ["PUT", `${base}/members`, { user_id: viewer.userId, role: "viewer" }, [200, 403, 403, 404]],
    ["PUT", `${base}/members/${viewer.userId}`, { role: "viewer" }, [200, 403, 403, 404]],
    ["DELETE", `${base}/members/usr_nobody`, undefined, [404, 403, 403, 404]],
    ["GET", `${base}/brand`, undefined, [200, 200, 200, 404]],
    ["PUT", `${base}/brand`, { brandName: "Acme" }, [200, 200, 403, 404]],
    ["POST", `${base}/deep-crawl`, { url: "https://acme.com" }, [202, 202, 403, 404]],
    ["DELETE", "/api/projects/proj_none", undefined, [404, 404, 404, 404]],
    ["DELETE", base, undefined, [-1, 403, 403, 404]],
  ];
  test.each(rows)("%s %s %j", async (method, path, body, expected) => {
    // The refused first: what is allowed would change what they are refused for.
    const callers = [outsider.headers, viewer.headers, editor.headers, owner];
    const wanted = expected.toReversed();
    for (const [index, headers] of callers.entries()) {
      if (wanted[index] === -1) continue;
      const { status, json } = await ask(method, path, headers, body);
      expect([index, status]).toEqual([index, wanted[index] ?? 0]);
      if (index === 0) expect(json).toEqual({ error: "Project not found" });
    }
    const anonymous = await ask(method, path, {}, body);
    expect([anonymous.status, anonymous.json]).toEqual([401, { error: "Authentication required" }]);
  });

  test("an API key that may only read does", async () => {
    const reading = await keyHeaders(server.store, seededOwnerId, ["read"]);
    expect((await ask("GET", base, reading)).status).toBe(200);
    expect((await ask("PATCH", base, reading, unchanged)).status).toBe(403);
    const writing = await keyHeaders(server.store, seededOwnerId);
    expect((await ask("PATCH", base, writing, unchanged)).status).toBe(200);
  });

  test("a member leaves by themselves", async () => {
    const leaving = await person();
    await ask("PUT", `${base}/members/${leaving.userId}`, owner, { role: "editor" });
    expect((await ask("GET", base, leaving.headers)).json["project"]).toMatchObject({
      role: "editor",
    });
    const left = await ask("DELETE", `${base}/members/${leaving.userId}`, leaving.headers);
    expect(left.json).toEqual({ ok: true });
    expect((await ask("GET", base, leaving.headers)).status).toBe(404);
  });

  test("a route knows its methods", async () => {
    const refused = await ask("POST", `${base}/brand`, owner, {});
    expect([refused.status, refused.headers["allow"]]).toEqual([405, "GET, HEAD, OPTIONS, PUT"]);
  });
});

describe("the proxy's configuration", () => {
  test("takes the documented syntax, and shows a secret once", async () => {
    const { path } = await make();
    const config = `${path}/proxy-config`;
    const origins = Array.from({ length: 50 }, (_, index) => `https://a${index}.co`);
    const set = await ask("PUT", config, owner, {
      allowed_origins: origins,
      default_dur_seconds: 8,
    });
    expect(set.json).toMatchObject({ allowed_origins: origins, signing_secret_preview: null });
    expect(set.json).not.toHaveProperty("signing_secret");
    const { json } = await ask("PUT", config, owner, { enable_signing: true });
    const secret = String(json["signing_secret"]);
    expect(json["signing_secret_preview"]).toBe(`${secret.slice(0, 12)}…`);
    const read = (await ask("GET", config, owner)).json;
    expect(read).toMatchObject({ enable_signing: true, default_dur_seconds: 8 });
    expect(JSON.stringify(read)).not.toContain(secret);
    const { signing_secret: _, ...shown } = json;
    expect(read).toEqual(shown);
  });
});

describe("what the hot path remembers", () => {
  const watch = async (source: string) => {
    const { path, key, id } = await make();
    await ask("PUT", `${path}/proxy-config`, owner, { allowed_origins: ["https://acme.com"] });
    const url = `/v1/${key}/acme.com/${source}.mp4`;
    const first = await server.get(url);
    const assetId = first.headers["x-motioness-asset-id"] ?? "";
    await finishClip(server, assetId);
    for (let count = 0; count < 2; count += 1) expect((await server.get(url)).status).toBe(200);
    const before = server.http.hotCounts().hits;
    expect((await server.get(url)).status).toBe(200);
    expect(server.http.hotCounts().hits).toBe(before + 1);
    return { id, path, url, assetId };
  };
  const error = (answer: { body: Buffer }) => JSON.parse(answer.body.toString())["error"];

  test("ends with the key", async () => {
    const { path, url } = await watch("a.png");
    const { json } = await ask("POST", `${path}/keys/rotate?which=proxy`, owner);
    const refused = await server.get(url);
    expect([refused.status, error(refused)]).toEqual([403, "unknown project key"]);
    const again = url.replace(/pk_[^/]+/, String(json["proxy_key"]));
    expect((await server.get(again)).status).toBe(200);
  });

  test("ends with the origin", async () => {
    const { path, url } = await watch("b.png");
    await ask("PUT", `${path}/proxy-config`, owner, { allowed_origins: [] });
    expect(error(await server.get(url))).toBe("origin not in allowlist");
  });

  test("survives what it does not depend on", async () => {
    const { path, url } = await watch("c.png");
    await ask("PATCH", path, owner, { name: "Renamed" });
    await ask("PUT", `${path}/brand`, owner, { brandName: "Acme" });
    const before = server.http.hotCounts().hits;
    expect((await server.get(url)).status).toBe(200);
    expect(server.http.hotCounts().hits).toBe(before + 1);
  });

  test("ends with the project; its finished clips stay, and it is nobody's", async () => {
    const { path, url, assetId } = await watch("d.png");
    expect((await ask("DELETE", path, owner)).json).toEqual({ ok: true });
    expect(error(await server.get(url))).toBe("unknown project key");
    expect((await server.get(`/r2/assets/${assetId}.mp4`)).status).toBe(200);
    expect((await ask("GET", path, owner)).status).toBe(404);
    expect((await ask("DELETE", path, owner)).status).toBe(404);
  });

  test("ends on a stream, too: a viewer of a deleted project's asset is told", async () => {
    const { id, url } = await watch("e.png");
    const key = /pk_[^/]+/.exec(url)?.[0];
    const pending = await server.get(`${url}?seed=2`);
    const assetId = pending.headers["x-motioness-asset-id"];
    const stream = await fetch(`${server.http.url}/v1/${key}/events/${assetId}`);
    const text = stream.text();
    await deleteProject(server.store, { projectId: id, userId: seededOwnerId });
    // The next heartbeat looks again.
    clock.advance(15_000);
    expect(await text).toContain("event: reset");
    expect((await server.get(`/v1/${key}/events/${assetId}`)).status).toBe(403);
  });
});

test("a crawl is asked for ten times a minute", async () => {
  clock.advance(60_000);
  const { path } = await make();
  const crawl = () => ask("POST", `${path}/deep-crawl`, owner, { url: "https://acme.com/#top" });
  for (let count = 0; count < 10; count += 1) {
    const { status, json } = await crawl();
    expect([status, json]).toEqual([202, { status: "crawling" }]);
  }
  const refused = await crawl();
  expect([refused.status, refused.json["error"]]).toEqual([429, "rate limited"]);
  const { json } = await ask("GET", `${path}/brand`, owner);
  expect(json).toMatchObject({
    brand: null,
    crawl: { url: "https://acme.com/", status: "crawling", error: null, ended_at: null },
  });
});
