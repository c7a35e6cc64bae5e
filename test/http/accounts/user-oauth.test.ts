import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { AccountsConfig } from "../../../src/accounts/config.ts";
import { createInvite } from "../../../src/accounts/invites.ts";
import { createAskJson } from "../../../src/net/ask-json.ts";
import { openIdentityServer, type Person } from "../../fakes/identity-server.ts";
import { addUser, keyHeaders, sessionHeaders } from "../../support/sign-in.ts";
import { openTestServer, type TestServer } from "../test-server.ts";

const identity = openIdentityServer();
afterAll(identity.close);
const { client } = identity;

const openWith = (signups: AccountsConfig["signups"], changes: { oauth?: number } = {}) =>
  openTestServer({
    askProvider: createAskJson({ now: Date.now }),
    config: {
      rateLimits: { oauth: 1000, ...changes },
      accounts: { signups, providers: { google: client, github: client } },
    },
  });
const server = await openWith("open");
const closed = await openWith("closed");

const ann: Person = {
  subject: 7,
  email: "ann@example.com",
  isEmailVerified: true,
  name: "Ann Example",
};
let count = 0;
/** Somebody whom no test has met before. */
const stranger = (): Person => {
  count += 1;
  return { ...ann, subject: 100 + count, email: `stranger${count}@example.com` };
};
beforeEach(() => {
  identity.person = stranger();
});

interface Visit {
  readonly location: string;
  readonly cookies: readonly string[];
}

async function open(url: string, cookie = ""): Promise<Visit & { readonly status: number }> {
  const response = await fetch(url, { redirect: "manual", headers: { cookie } });
  await response.arrayBuffer();
  return {
    status: response.status,
    location: response.headers.get("location") ?? "",
    cookies: response.headers.getSetCookie(),
  };
}

/** What a browser does: to the provider, and back with the cookie of the state. */
async function signInWith(provider: string, to: TestServer = server, query = ""): Promise<Visit> {
  const started = await open(`${to.http.url}/api/user/oauth/${provider}${query}`);
  expect(started.status).toBe(302);
  const consented = await open(started.location);
  return open(consented.location, pairs(started.cookies));
}
const pairs = (cookies: readonly string[]) =>
  cookies.map((cookie) => cookie.split(";")[0]).join("; ");

async function me(visit: Visit, from: TestServer = server) {
  const cookie = visit.cookies.find((text) => text.startsWith("better-auth.session_token="));
  const answer = await from.get("/api/user/me", { Cookie: cookie?.split(";")[0] ?? "" });
  return JSON.parse(answer.body.toString()) as Record<string, unknown>;
}

describe.each(["google", "github"])("signing in with %s", (provider) => {
  test("makes an account, and finds it again whatever its address is now", async () => {
    const person = stranger();
    identity.person = person;
    const visit = await signInWith(provider);
    expect(visit.location).toBe(`${server.http.url}/dashboard`);
    const cookie = visit.cookies.find((text) => text.includes("session_token"));
    expect(cookie).toMatch(/; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const first = await me(visit);
    expect(first).toMatchObject({ email: person.email, name: person.name, plan: "unlimited" });
    expect(first["id"]).toMatch(/^usr_/);
    identity.person = { ...person, email: "moved@example.com" };
    expect((await me(await signInWith(provider)))["id"]).toBe(first["id"]);
  });

  test("links the account that the verified address has", async () => {
    const person = stranger();
    identity.person = person;
    const id = await addUser(server.store, { email: person.email });
    expect((await me(await signInWith(provider)))["id"]).toBe(id);
  });

  test("does not link by an address that the provider has not verified", async () => {
    const person = { ...stranger(), isEmailVerified: false };
    identity.person = person;
    await addUser(server.store, { email: person.email });
    const visit = await signInWith(provider);
    expect(visit.location).toBe(`${server.http.url}/dashboard?error=account_not_linked`);
    expect(visit.cookies.join()).not.toContain("session_token=");
    expect(await me(visit)).toEqual({ error: "Authentication required" });
  });

  test("says so when the visitor declines", async () => {
    identity.person = undefined;
    const visit = await signInWith(provider);
    expect(visit.location).toBe(`${server.http.url}/dashboard?error=access_denied`);
  });
});

test("whoever took an address without proving it loses the account to its owner", async () => {
  const person = stranger();
  const userId = await addUser(server.store, { email: person.email });
  const squatter = [await sessionHeaders(server, userId), await keyHeaders(server.store, userId)];
  identity.person = person;
  expect((await me(await signInWith("google")))["id"]).toBe(userId);
  for (const headers of squatter) {
    expect((await server.get("/api/user/me", headers)).status).toBe(401);
  }
  const again = await sessionHeaders(server, userId);
  await signInWith("github");
  expect((await server.get("/api/user/me", again)).status).toBe(200);
});

test("nothing of a provider's tokens is kept", async () => {
  await signInWith("github");
  const rows = await server.store.read
    .selectFrom("auth_accounts")
    .select(["access_token", "refresh_token", "id_token"])
    .execute();
  expect(rows.flatMap(Object.values).filter((value) => value !== null)).toEqual([]);
  const states = await server.store.read.selectFrom("auth_verifications").select("id").execute();
  expect(states).toEqual([]);
});

describe("where sign-ups are not open", () => {
  test("only who has an account gets in", async () => {
    const visit = await signInWith("google", closed);
    expect(visit.location).toStartWith(`${closed.http.url}/dashboard?error=signup_disabled`);
    expect(await me(visit, closed)).toEqual({ error: "Authentication required" });
    const person = stranger();
    identity.person = person;
    const id = await addUser(closed.store, { email: person.email });
    expect((await me(await signInWith("google", closed), closed))["id"]).toBe(id);
  });

  test("an invite is carried there and back, and used up", async () => {
    const invited = await openWith("invite");
    const createdBy = await addUser(invited.store, { role: "admin" });
    const { token } = await invited.store.write((tx) =>
      createInvite(tx, { createdBy, email: undefined, validMs: 60_000 }),
    );
    const first = await signInWith("google", invited, `?invite=${token}`);
    expect(first.location).toBe(`${invited.http.url}/dashboard`);
    identity.person = stranger();
    const second = await signInWith("google", invited, `?invite=${token}`);
    expect(second.location).toContain("error=signup_disabled");
  });

  test("somebody who is shut out stays out", async () => {
    const person = stranger();
    identity.person = person;
    const id = await addUser(closed.store, { email: person.email });
    await closed.store.write((tx) =>
      tx.query.updateTable("users").set({ disabled_at: 1 }).where("id", "=", id).execute(),
    );
    const visit = await signInWith("google", closed);
    expect(visit.location).toContain("/dashboard?error=");
    expect(await me(visit, closed)).toEqual({ error: "Authentication required" });
  });
});

describe("where a visitor comes out", () => {
  const back = (path: string) => `?return_to=${encodeURIComponent(path)}`;

  test.each(["/", "/app", "/app/projects?tab=/../keys", "/.well/a..b"])(
    "is a page of one's own: %s",
    async (path) => {
      expect((await signInWith("google", server, back(path))).location).toBe(
        `${server.http.url}${path}`,
      );
      identity.person = undefined;
      const declined = new URL((await signInWith("google", server, back(path))).location);
      expect(declined.href).toStartWith(`${server.http.url}${path}`);
      expect(declined.searchParams.get("error")).toBe("access_denied");
    },
  );

  test.each([
    ...["//evil.com", "/\\evil.com", "https://evil.com", "app", "", "/a b", "/a\nb", "/#x"],
    ...["/\t/evil.com", "@evil.com", ".evil.com", "/../other", "/a/%2E.", `/${"x".repeat(500)}`],
  ])("is never elsewhere: %j is refused", async (path) => {
    const refused = await server.get(`/api/user/oauth/google${back(path)}`);
    expect(refused.status).toBe(400);
    expect(refused.body.toString()).toContain('"return_to":["Expected a path of this server');
  });

  test("is the first page for who asked for none", async () => {
    const files = new Map([["/", { body: new Blob(["page"]), headers: {} }]]);
    const setupPage = { body: new Blob(), headers: {} };
    const served = await openTestServer({ page: { loadFiles: async () => files, setupPage } });
    const response = await fetch(`${served.http.url}/dashboard?error=access_denied`);
    expect(response.url).toBe(`${served.http.url}/?error=access_denied`);
    expect([response.status, await response.text()]).toEqual([200, "page"]);
  });
});

describe("a callback", () => {
  test("without the cookie of its own state is refused (login CSRF)", async () => {
    const started = await open(`${server.http.url}/api/user/oauth/google`);
    const consented = await open(started.location);
    const other = await open(`${server.http.url}/api/user/oauth/google`);
    for (const cookie of ["", pairs(other.cookies), "better-auth.oauth_state=x"]) {
      const visit = await open(consented.location, cookie);
      expect(visit.location).toMatch(/\/dashboard\?error=(state_mismatch|state_invalid)$/);
      expect(visit.cookies.join()).not.toContain("session_token=");
    }
  });

  test("with a code that was used, or made up, is refused", async () => {
    const started = await open(`${server.http.url}/api/user/oauth/google`);
    const consented = await open(started.location);
    await open(consented.location, pairs(started.cookies));
    const again = await open(consented.location, pairs(started.cookies));
    expect(again.location).toContain("error=invalid_code");
  });

  test("never leads elsewhere", async () => {
    const query = "?error=x&callbackURL=https://evil.com&state=y";
    const visit = await open(`${server.http.url}/api/user/oauth/callback/google${query}`);
    expect(visit.location).toStartWith(`${server.http.url}/dashboard?error=`);
  });
});

test("the state is in a cookie that scripts cannot read, for ten minutes", async () => {
  const started = await open(`${server.http.url}/api/user/oauth/google`);
  expect(started.cookies.join()).toMatch(
    /^better-auth\.oauth_state=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
});

test("a provider that is not set up, or none, is not found", async () => {
  for (const provider of ["oidc", "facebook", "%2e%2e"]) {
    const answer = await server.get(`/api/user/oauth/${provider}`);
    expect(answer.status).toBe(404);
  }
});

test("a provider that is away is told as that", async () => {
  const away = await openTestServer({
    askProvider: createAskJson({ now: Date.now }),
    config: {
      accounts: {
        signups: "open",
        providers: { oidc: { ...client, issuer: "http://127.0.0.1:1" } },
      },
    },
  });
  expect((await away.get("/api/user/oauth/oidc")).status).toBe(503);
});

test("beginning too often is told to wait", async () => {
  const strict = await openWith("open", { oauth: 2 });
  const statuses = [];
  for (let tries = 0; tries < 3; tries += 1) {
    statuses.push((await strict.get("/api/user/oauth/google")).status);
  }
  expect(statuses).toEqual([302, 302, 429]);
});
