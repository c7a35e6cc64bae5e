import { describe, expect, test } from "bun:test";
import { createInvite } from "../../../src/accounts/invites.ts";
import { createSetupToken } from "../../../src/accounts/setup.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { addUser, keyHeaders, sessionHeaders } from "../../support/sign-in.ts";
import { openTestServer, type TestServer } from "../test-server.ts";

const clock = createManualClock();
const loose = { rateLimits: { sign_in: 1000, sign_up: 1000 } };
const server = await openTestServer({ clock, config: loose });
const ann = { email: "ann@example.com", name: "Ann", password: "correct horse" };

type Headers = Readonly<Record<string, string>>;

async function post(path: string, body: unknown, headers: Headers = {}, to: TestServer = server) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await to.send({
    method: "POST",
    path,
    headers: {
      "Content-Type": "application/json",
      "Content-Length": String(Buffer.byteLength(text)),
      ...headers,
    },
    body: text,
  });
  return { ...answer, json: JSON.parse(answer.body.toString()) as Record<string, unknown> };
}
async function get(path: string, headers: Headers = {}, from: TestServer = server) {
  const answer = await from.get(path, headers);
  return { ...answer, json: JSON.parse(answer.body.toString()) as Record<string, unknown> };
}
const cookieOf = (headers: Headers) => (headers["set-cookie"] ?? "").split(";")[0] ?? "";

describe("an account", () => {
  test("is made, left, and come back to", async () => {
    const made = await post("/api/user/signup", ann);
    expect(made.status).toBe(201);
    const { user } = made.json as { user: { id: string } };
    expect(made.json).toEqual({ user: { id: user.id, email: "ann@example.com", name: "Ann" } });
    const Cookie = cookieOf(made.headers);
    expect((await get("/api/user/session", { Cookie })).json).toEqual({ user });
    expect((await get("/api/user/me", { Cookie })).json).toEqual({
      ...user,
      role: "user",
      plan: "unlimited",
      aiGenerationsUsed: 0,
      aiGenerationsResetAt: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00\.000Z$/),
      compositionCount: 0,
      themeCount: 0,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const left = await post("/api/user/signout", "", { Cookie });
    expect([left.status, left.json]).toEqual([200, { ok: true }]);
    expect(left.headers["set-cookie"]).toBe(
      "better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    );
    expect((await get("/api/user/session", { Cookie })).json).toEqual({ user: null });
    expect((await get("/api/user/me", { Cookie })).status).toBe(401);
    const back = await post("/api/user/signin", { email: ann.email, password: ann.password });
    expect([back.status, back.json]).toEqual([200, { user }]);
    expect(cookieOf(back.headers)).not.toBe(Cookie);
  });

  test("is not made twice", async () => {
    const again = await post("/api/user/signup", { ...ann, email: "ANN@example.com" });
    expect([again.status, again.json]).toEqual([409, { error: "Email already registered" }]);
    expect(again.headers["set-cookie"]).toBeUndefined();
  });

  test.each([
    [{ ...ann, password: "a wrong one" }],
    [{ email: "nobody@example.com", password: ann.password }],
    [{ ...ann, password: "x".repeat(5000) }],
  ])("is not entered with what is not its own", async ({ email, password }) => {
    const refused = await post("/api/user/signin", { email, password });
    expect([refused.status, refused.json]).toEqual([401, { error: "Invalid email or password" }]);
    expect(refused.headers["set-cookie"]).toBeUndefined();
  });

  test("leaves out of an API key's answer nothing that a cookie's has", async () => {
    const userId = await addUser(server.store, { email: "key@example.com" });
    const byKey = await get("/api/user/me", await keyHeaders(server.store, userId));
    const byCookie = await get("/api/user/me", await sessionHeaders(server, userId));
    expect(byKey.json).toEqual(byCookie.json);
  });
});

describe("the cookie", () => {
  test("is as documented, on http", async () => {
    const { headers } = await post("/api/user/signin", {
      email: ann.email,
      password: ann.password,
    });
    expect(headers["set-cookie"]).toMatch(
      /^better-auth\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  test("is secure on https, under the same name", async () => {
    const config = { ...loose, baseUrl: "https://clips.example.com" };
    const secure = await openTestServer({ config });
    const made = await post("/api/user/signup", ann, {}, secure);
    expect(made.headers["set-cookie"]).toMatch(
      /^better-auth\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const left = await post("/api/user/signout", "", {}, secure);
    expect(left.headers["set-cookie"]).toContain("; Secure");
  });
});

describe("what is typed", () => {
  test.each([
    [{ email: "ann" }, { email: ["Invalid email"] }],
    [{ email: "ann@localhost" }, { email: ["Invalid email"] }],
    [{ email: `${"a".repeat(250)}@b.com` }, { email: ["Invalid email"] }],
    [{ email: undefined }, { email: ["Invalid email"] }],
    [{ email: 5 }, { email: ["Invalid email"] }],
    [{ password: "hunter2" }, { password: ["Password must be at least 8 characters"] }],
    [{ password: "x".repeat(129) }, { password: ["Password must be at most 128 characters"] }],
    [{ name: "" }, { name: ["Name must be 1 to 100 characters"] }],
    [{ role: "admin" }, { role: [expect.any(String)] }],
  ])("%j is refused at its field", async (change, fieldErrors) => {
    const refused = await post("/api/user/signup", { ...ann, email: "new@example.com", ...change });
    expect([refused.status, refused.json]).toEqual([
      400,
      { error: "Validation failed", details: { fieldErrors, formErrors: [] } },
    ]);
  });

  test.each([8, 128])("a password of %d characters is taken", async (length) => {
    const email = `length${length}@example.com`;
    const made = await post("/api/user/signup", { ...ann, email, password: "x".repeat(length) });
    expect(made.status).toBe(201);
  });

  test.each([
    ["no JSON", "{"],
    ["a thousand levels", "[".repeat(10_000)],
    ["a byte order mark", `\ufeff${JSON.stringify(ann)}`],
    ["a prototype", '{"__proto__":{"email":"a@b.cd"},"email":1}'],
    ["a number out of range", '{"email":1e400}'],
    ["a list", "[]"],
    ["null", "null"],
  ])("%s is refused with 400 [H06]", async (_name, body) => {
    expect((await post("/api/user/signin", body)).status).toBe(400);
  });

  test("another type of body is refused with 415, a long one with 413 [H05]", async () => {
    const form = await post("/api/user/signin", "email=a", {
      "Content-Type": "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(415);
    const long = await post("/api/user/signin", "", { "Content-Length": "2000000" });
    expect(long.status).toBe(413);
  });
});

describe("a request from another site", () => {
  const own = `http://127.0.0.1:${server.port}`;
  const credentials = { email: ann.email, password: ann.password };

  test.each([
    ["no browser", {}, 200],
    ["our own page", { Origin: own }, 200],
    ["our own page, as told", { "Sec-Fetch-Site": "same-origin", Origin: own }, 200],
    ["the address bar", { "Sec-Fetch-Site": "none" }, 200],
    ["our page by another of our names", { Host: "box.lan:80", Origin: "http://box.lan" }, 200],
    ["another site", { Origin: "https://evil.com" }, 403],
    ["another site, as told", { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.com" }, 403],
    ["another site without a name", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["a neighbour", { "Sec-Fetch-Site": "same-site", Origin: "http://127.0.0.1:1" }, 403],
    ["an opaque origin", { Origin: "null" }, 403],
    ["our name on another port", { Origin: "http://127.0.0.1:1" }, 403],
  ] as [string, Headers, number][])("from %s is answered so", async (_name, headers, status) => {
    expect((await post("/api/user/signin", credentials, headers)).status).toBe(status);
    const cookie = await sessionHeaders(server, await addUser(server.store));
    const write = await post("/api/keys", { name: "csrf" }, { ...cookie, ...headers });
    expect(write.status).toBe(status === 200 ? 201 : status);
    const out = await post("/api/user/signout", "", { ...cookie, ...headers });
    expect(out.status).toBe(status);
  });

  test("may read nothing it could not before, and write with a key", async () => {
    const userId = await addUser(server.store);
    const foreign = { Origin: "https://evil.com", "Sec-Fetch-Site": "cross-site" };
    const cookie = await sessionHeaders(server, userId);
    const read = await get("/api/user/me", { ...cookie, ...foreign });
    expect([read.status, read.headers["access-control-allow-origin"]]).toEqual([200, undefined]);
    const key = await keyHeaders(server.store, userId);
    expect((await post("/api/keys", { name: "by key" }, { ...key, ...foreign })).status).toBe(201);
  });
});

describe("who may sign up", () => {
  test.each(["closed", "invite", "open"] as const)("%s", async (signups) => {
    const config = { ...loose, accounts: { signups, providers: {} } };
    const other = await openTestServer({ config });
    const createdBy = await addUser(other.store, { role: "admin" });
    const { token } = await other.store.write((tx) =>
      createInvite(tx, { createdBy, email: undefined, validMs: 60_000 }),
    );
    const statuses = [];
    for (const invite of [undefined, "inv_wrong", token]) {
      const person = { ...ann, email: `${invite ?? "none"}@example.com`, invite };
      statuses.push((await post("/api/user/signup", person, {}, other)).status);
    }
    const expected = { closed: [403, 403, 403], invite: [403, 403, 201], open: [201, 201, 201] };
    expect(statuses).toEqual(expected[signups]);
  });

  test("a set-up link makes an administrator who is signed in", async () => {
    const other = await openTestServer({ config: loose });
    const token = await createSetupToken(other);
    const wrong = await post("/api/user/setup", { ...ann, token: "mst_wrong" }, {}, other);
    expect(wrong.status).toBe(403);
    const made = await post("/api/user/setup", { ...ann, token }, {}, other);
    expect(made.status).toBe(201);
    const me = await get("/api/user/me", { Cookie: cookieOf(made.headers) }, other);
    expect(me.json["role"]).toBe("admin");
    const again = { ...ann, email: "second@example.com", token };
    expect((await post("/api/user/setup", again, {}, other)).status).toBe(403);
  });
});

describe("too many tries", () => {
  const config = { trustedProxies: ["127.0.0.1/32"] };
  const attempts =
    (strict: TestServer) =>
    (address: string, email: string, password = "x") =>
      post("/api/user/signin", { email, password }, { "X-Forwarded-For": address }, strict);
  const victim = "victim@example.com";

  test("are told to wait wherever in their IPv6 network they come from", async () => {
    const attempt = attempts(await openTestServer({ clock, config }));
    for (let tries = 0; tries < 10; tries += 1) {
      const address = `2001:db8:1:2::${"1".repeat(1 + (tries % 4))}:${tries}`;
      expect((await attempt(address, victim)).status).toBe(401);
    }
    expect((await attempt("2001:db8:1:2:ffff::1", victim)).status).toBe(429);
    expect((await attempt("2001:db8:1:3::1", victim)).status).toBe(401);
  });

  test("at one account shut out who tries, and not its owner elsewhere [H25]", async () => {
    const strict = await openTestServer({ clock, config });
    const attempt = attempts(strict);
    await post("/api/user/signup", { ...ann, email: victim }, {}, strict);
    for (let tries = 0; tries < 10; tries += 1) await attempt("203.0.113.1", victim);
    clock.advance(20_000);
    for (let tries = 0; tries < 200; tries += 1) {
      const refused = await attempt("203.0.113.1", "Victim@example.com", ann.password);
      expect([refused.status, refused.json, refused.headers["retry-after"]]).toEqual([
        429,
        { error: "rate limited", retry_after_ms: 40_000 },
        "40",
      ]);
    }
    expect((await attempt("203.0.113.1", "colleague@example.com")).status).toBe(401);
    expect((await attempt("198.51.100.1", victim, ann.password)).status).toBe(200);
  });

  test("from one address at sixty accounts, and at one account from ten addresses", async () => {
    const attempt = attempts(await openTestServer({ clock, config }));
    for (let tries = 0; tries < 60; tries += 1) {
      expect((await attempt("203.0.113.1", `${tries}@example.com`)).status).toBe(401);
    }
    expect((await attempt("203.0.113.1", "61@example.com")).status).toBe(429);
    for (let tries = 0; tries < 100; tries += 1) {
      expect((await attempt(`198.51.100.${tries % 10}`, victim)).status).toBe(401);
    }
    expect((await attempt("198.51.100.99", victim)).status).toBe(429);
    clock.advance(60_000);
    expect((await attempt("198.51.100.99", victim)).status).toBe(401);
  });

  test("of other routes are counted for each user and minute", async () => {
    const strict = await openTestServer({ clock, config: { rateLimits: { other: 3 } } });
    const one = await sessionHeaders(strict, await addUser(strict.store));
    const two = await sessionHeaders(strict, await addUser(strict.store));
    const statuses = [];
    for (let tries = 0; tries < 4; tries += 1) {
      statuses.push((await get("/api/user/me", one, strict)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await get("/api/user/me", two, strict)).status).toBe(200);
    clock.advance(60_000);
    expect((await get("/api/user/me", one, strict)).status).toBe(200);
  });
});

test("no route of the library's own is open", async () => {
  for (const path of ["/api/auth/ok", "/api/user/oauth/ok", "/api/user/oauth/get-session"]) {
    expect((await server.get(path)).status).toBe(404);
  }
  expect((await post("/api/user/oauth/sign-up/email", ann)).status).toBe(404);
});
