import { describe, expect, test } from "bun:test";
import { createManualClock } from "../../support/manual-clock.ts";
import { addUser, keyHeaders, sessionHeaders } from "../../support/sign-in.ts";
import { createAsk, type Headers } from "../ask.ts";
import { openTestServer, type TestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });
const userId = await addUser(server.store);
const cookie = await sessionHeaders(server, userId);
const now = () => clock.now();

const ask = createAsk(server);

const make = async (body: object, headers: Headers = cookie, to: TestServer = server) =>
  createAsk(to)("POST", "/api/keys", headers, body);
const bearer = (key: unknown): Headers => ({ Authorization: `Bearer ${key}` });
const list = (headers: Headers) => ask("GET", "/api/keys", headers);

describe("an API key", () => {
  test("is shown once, and stored as its hash only", async () => {
    const made = await make({ name: "deploy" });
    expect(made.status).toBe(201);
    expect(made.json["key"]).toMatch(/^motion_[0-9A-Za-z]{32}$/);
    const { keys } = (await list(cookie)).json as { keys: Record<string, unknown>[] };
    expect(keys[0]).toMatchObject({ name: "deploy", scopes: ["read", "write"], expires_at: null });
    expect(JSON.stringify(keys)).not.toContain(String(made.json["key"]));
    const rows = await server.store.read.selectFrom("api_keys").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(String(made.json["key"]));
  });

  test("is taken wherever a cookie is", async () => {
    const { json } = await make({ name: "all" });
    expect((await list(bearer(json["key"]))).status).toBe(200);
    expect((await make({ name: "by key" }, bearer(json["key"]))).status).toBe(201);
  });

  test("that may only read is refused a write, and the other way round", async () => {
    const reading = bearer((await make({ name: "r", scopes: ["read"] })).json["key"]);
    expect((await list(reading)).status).toBe(200);
    const refused = await make({ name: "more" }, reading);
    expect([refused.status, refused.json["error"]]).toEqual([
      403,
      'this API key lacks the scope "write"',
    ]);
    const writing = bearer((await make({ name: "w", scopes: ["write"] })).json["key"]);
    expect((await list(writing)).status).toBe(403);
  });

  test("makes none that may do more than itself", async () => {
    const writing = bearer((await make({ name: "w", scopes: ["write"] })).json["key"]);
    const refused = await make({ name: "more", scopes: ["read", "write"] }, writing);
    expect([refused.status, refused.json["error"]]).toEqual([
      403,
      'this API key lacks the scope "read"',
    ]);
    expect((await make({ name: "same" }, writing)).json["scopes"]).toEqual(["write"]);
  });

  test("makes none that lasts longer than itself", async () => {
    const endsAt = now() + 60_000;
    const short = bearer((await make({ name: "s", expires_at: endsAt })).json["key"]);
    expect((await make({ name: "by default" }, short)).json["expires_at"]).toBe(endsAt);
    expect((await make({ name: "sooner", expires_at: endsAt - 1 }, short)).status).toBe(201);
    for (const expires_at of [endsAt + 1, null]) {
      const refused = await make({ name: "longer", expires_at }, short);
      expect([refused.status, refused.json["details"]]).toEqual([
        400,
        {
          fieldErrors: { expires_at: ["Expected a time before this API key ends"] },
          formErrors: [],
        },
      ]);
    }
    expect((await make({ name: "for ever", expires_at: null })).json["expires_at"]).toBeNull();
  });

  test("ends at its time", async () => {
    const { json } = await make({ name: "short", expires_at: now() + 1000 });
    expect((await list(bearer(json["key"]))).status).toBe(200);
    clock.advance(1000);
    expect((await list(bearer(json["key"]))).status).toBe(401);
  });

  test("ends at once when it is revoked, by its owner alone", async () => {
    const { json } = await make({ name: "gone" });
    expect((await list(bearer(json["key"]))).status).toBe(200);
    const other = await sessionHeaders(server, await addUser(server.store));
    const path = `/api/keys/${json["id"]}`;
    expect((await ask("DELETE", path, other)).status).toBe(404);
    expect((await ask("DELETE", path, cookie)).json).toEqual({ ok: true });
    expect((await list(bearer(json["key"]))).status).toBe(401);
    expect((await ask("DELETE", path, cookie)).status).toBe(404);
  });

  test("says when it was last used, with one write a minute for all of them", async () => {
    const { json } = await make({ name: "used" });
    const lastUsed = async () => {
      const { keys } = (await list(cookie)).json as { keys: Record<string, unknown>[] };
      return keys.find(({ id }) => id === json["id"])?.["last_used_at"];
    };
    await list(bearer(json["key"]));
    const usedAt = now();
    expect(await lastUsed()).toBeNull();
    clock.advance(60_000);
    expect(await lastUsed()).toBe(usedAt);
  });

  test.each([
    [{}, "name"],
    [{ name: "" }, "name"],
    [{ name: "x".repeat(101) }, "name"],
    [{ name: "a", scopes: [] }, "scopes"],
    [{ name: "a", scopes: ["all"] }, "scopes"],
    [{ name: "a", expires_at: 1 }, "expires_at"],
    [{ name: "a", more: true }, "more"],
  ])("is not made from %j: the fault is at its field", async (body, field) => {
    const answer = await make(body);
    expect([answer.status, answer.json["error"]]).toEqual([400, "Validation failed"]);
    const { fieldErrors } = answer.json["details"] as { fieldErrors: object };
    expect(Object.keys(fieldErrors)).toEqual([field]);
  });

  test("is not needed twice: nothing beats a wrong one that is given [H22]", async () => {
    const wrong = { ...cookie, ...bearer(`motion_${"x".repeat(32)}`) };
    expect((await list(wrong)).status).toBe(401);
    for (const header of ["Basic abc", "Bearer", "Bearer motion_", "motion_x", "Bearer a b"]) {
      expect((await list({ ...cookie, Authorization: header })).status).toBe(401);
    }
  });
});

test("ten thousand wrong keys are told to come later, right ones of others are not [H22]", async () => {
  const guessed = await openTestServer({ clock });
  const key = await keyHeaders(guessed.store, await addUser(guessed.store));
  const statuses: number[] = [];
  for (let tries = 0; tries < 70; tries += 1) {
    statuses.push((await guessed.get("/api/keys", bearer(`motion_${tries}`))).status);
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(60);
  expect(statuses.at(-1)).toBe(429);
  clock.advance(60_000);
  expect((await guessed.get("/api/keys", key)).status).toBe(200);
});

test("without any proof the answer is 401", async () => {
  const answer = await server.get("/api/keys");
  expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
    401,
    { error: "Authentication required" },
  ]);
});
