import { describe, expect, test } from "bun:test";
import { addUser, keyHeaders, sessionHeaders } from "../../support/sign-in.ts";
import { openTestServer } from "../test-server.ts";

const server = await openTestServer();
const adminId = await addUser(server.store, { role: "admin" });
const admin = await sessionHeaders(server, adminId);

async function ask(method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  const length = { "Content-Length": String(Buffer.byteLength(text)) };
  const sent = { method, path, headers: { ...type, ...length, ...headers }, body: text };
  const answer = await server.send(sent);
  return { ...answer, json: JSON.parse(answer.body.toString()) as Record<string, unknown> };
}

const routes = [
  ["GET", "/api/admin/users"],
  ["PATCH", "/api/admin/users/usr_x"],
  ["GET", "/api/admin/invites"],
  ["POST", "/api/admin/invites"],
  ["DELETE", "/api/admin/invites/inv_x"],
] as const;

test.each(routes)("%s %s is for administrators", async (method, path) => {
  const body = method === "PATCH" || method === "POST" ? {} : undefined;
  expect((await ask(method, path, {}, body)).status).toBe(401);
  const userId = await addUser(server.store);
  for (const headers of [
    await sessionHeaders(server, userId),
    await keyHeaders(server.store, userId),
  ]) {
    const refused = await ask(method, path, headers, body);
    expect([refused.status, refused.json]).toEqual([
      403,
      { error: "this is for administrators only" },
    ]);
    if (body) expect((await ask(method, path, headers, { foo: 1 })).status).toBe(403);
  }
  expect((await ask(method, path, admin, body)).status).toBeOneOf([200, 201, 404]);
});

describe("users", () => {
  test("are listed page by page", async () => {
    for (let more = 0; more < 3; more += 1) await addUser(server.store);
    const seen: unknown[] = [];
    let cursor: unknown = "";
    for (let pages = 0; pages < 20 && cursor !== null; pages += 1) {
      const { json } = await ask("GET", `/api/admin/users?limit=2&cursor=${cursor}`, admin);
      seen.push(...(json["users"] as { id: string }[]).map(({ id }) => id));
      cursor = json["next_cursor"];
    }
    const ids = await server.store.read.selectFrom("users").select("id").orderBy("id").execute();
    expect(seen).toEqual(ids.map(({ id }) => id));
  });

  test("are not listed behind what no list gave out", async () => {
    const { status } = await ask("GET", "/api/admin/users?cursor=%00", admin);
    expect(status).toBe(400);
  });

  test("get a plan, and are shut out and let in again", async () => {
    const id = await addUser(server.store, { plan: "free" });
    const session = await sessionHeaders(server, id);
    const key = await keyHeaders(server.store, id);
    expect((await server.get("/api/user/me", key)).status).toBe(200);
    const paid = await ask("PATCH", `/api/admin/users/${id}`, admin, { plan: "team" });
    expect(paid.json["user"]).toMatchObject({ id, plan: "team", disabled: false });
    const shut = await ask("PATCH", `/api/admin/users/${id}`, admin, { disabled: true });
    expect(shut.json["user"]).toMatchObject({ disabled: true });
    for (const headers of [session, key]) {
      expect((await server.get("/api/user/me", headers)).status).toBe(401);
    }
    const back = await ask("PATCH", `/api/admin/users/${id}`, admin, { disabled: false });
    expect(back.json["user"]).toMatchObject({ disabled: false, plan: "team" });
  });

  test.each([
    [{ plan: "gold" }, "plan"],
    [{ disabled: "yes" }, "disabled"],
    [{ role: "admin" }, "role"],
  ])("are not changed to %j", async (body, field) => {
    const refused = await ask("PATCH", `/api/admin/users/${adminId}`, admin, body);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.json["details"])).toContain(field);
  });

  test("do not shut themselves out", async () => {
    const refused = await ask("PATCH", `/api/admin/users/${adminId}`, admin, { disabled: true });
    expect(refused.status).toBe(400);
    expect((await server.get("/api/user/me", admin)).status).toBe(200);
  });
});

test("invites are listed newest first, page by page, also those of one millisecond", async () => {
  for (let more = 0; more < 5; more += 1) await ask("POST", "/api/admin/invites", admin, {});
  const seen: unknown[] = [];
  let cursor: unknown = "";
  for (let pages = 0; pages < 20 && cursor !== null; pages += 1) {
    const behind = cursor === "" ? "" : `&cursor=${cursor}`;
    const { json } = await ask("GET", `/api/admin/invites?limit=2${behind}`, admin);
    seen.push(...(json["invites"] as { id: string }[]).map(({ id }) => id));
    cursor = json["next_cursor"];
  }
  const rows = await server.store.read
    .selectFrom("invites")
    .select(["id", "created_at"])
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  expect(seen).toEqual(rows.map(({ id }) => id));
  expect((await ask("GET", "/api/admin/invites?cursor=x", admin)).status).toBe(400);
});

test("invites are made, listed without their token, and taken back", async () => {
  const made = await ask("POST", "/api/admin/invites", admin, {
    email: "Bob@example.com",
    valid_days: 2,
  });
  expect(made.status).toBe(201);
  const { id, token, ...facts } = made.json;
  expect(token).toMatch(/^inv_[0-9A-Za-z]{32}$/);
  expect(facts).toMatchObject({ email: "bob@example.com", used_at: null });
  const validMs = Number(facts["expires_at"]) - Number(facts["created_at"]);
  expect(validMs).toBe(2 * 86_400_000);
  const list = async () => JSON.stringify((await ask("GET", "/api/admin/invites", admin)).json);
  expect(await list()).toContain(String(id));
  expect(await list()).not.toContain(String(token));
  expect((await ask("DELETE", `/api/admin/invites/${id}`, admin)).json).toEqual({ ok: true });
  expect((await ask("DELETE", `/api/admin/invites/${id}`, admin)).status).toBe(404);
});
