import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createAuth } from "../../src/accounts/auth.ts";
import { loadAuthLibrary } from "../../src/accounts/auth-library.ts";
import { createInvite, listInvites, revokeInvite } from "../../src/accounts/invites.ts";
import { createPasswords, type Passwords } from "../../src/accounts/passwords.ts";
import { createFindSession, endSession } from "../../src/accounts/sessions.ts";
import { createSetupToken, ensureWayIn, hasAdmin, setUp } from "../../src/accounts/setup.ts";
import { signUp } from "../../src/accounts/sign-up.ts";
import { findUserByEmail, setPassword, updateUser } from "../../src/accounts/users.ts";
import type { Store } from "../../src/db/store.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { quickPasswords } from "../support/quick-passwords.ts";
import { addUser } from "../support/sign-in.ts";
import { silentLog } from "../support/silent-log.ts";
import type { StorePlace } from "./store.ts";

const secret = "a secret that signs the cookies of tests";
const origin = { address: "203.0.113.7", userAgent: "Tests/1.0" };
const ann = { email: "Ann@Example.com", name: "Ann", password: "correct horse", invite: undefined };

/** What accounts promise on every store. */
export function accountsContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`accounts on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;

    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
    });
    afterEach(() => store.close());

    const open = (signups: "closed" | "invite" | "open", passwords: Passwords = quickPasswords) => {
      const config = { signups };
      const deps = { store, log: silentLog, secret, baseUrl: "http://localhost:1", config };
      const auth = createAuth({ ...deps, passwords, providers: [] });
      const signUpDeps = { store, clock, passwords, config };
      return {
        auth,
        signUp: (input: Parameters<typeof signUp>[1]) => signUp(signUpDeps, input),
        findSession: createFindSession({ store, clock, secret }),
        setUpDeps: { store, clock, passwords },
      };
    };
    const headersOf = (cookies: readonly string[]) =>
      new Headers({ cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") });

    test("the library expects the schema that there is", async () => {
      const library = await loadAuthLibrary({
        store,
        log: silentLog,
        secret,
        baseUrl: "http://localhost:1",
        config: { signups: "open" },
        passwords: quickPasswords,
        providers: [],
      });
      const { getMigrations } = await import("better-auth/db/migration");
      const { toBeCreated, toBeAdded } = await getMigrations(library.options);
      expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
    });

    test("who signed up can sign in, by any spelling of the address", async () => {
      const { auth, findSession, ...accounts } = open("open", createPasswords());
      const id = await accounts.signUp(ann);
      expect(id).toMatch(/^usr_[0-9a-z]{20}$/);
      const { user, cookies } = await auth.signIn({ ...ann, email: "ANN@example.com" }, origin);
      expect(user).toEqual({ id, email: "ann@example.com", name: "Ann" });
      expect(cookies).toHaveLength(1);
      expect(await findSession(headersOf(cookies))).toEqual({
        caller: { userId: id, role: "user", via: "session", scopes: ["read", "write"] },
        email: "ann@example.com",
        name: "Ann",
      });
      const row = await store.read
        .selectFrom("auth_sessions")
        .selectAll()
        .executeTakeFirstOrThrow();
      expect(row).toMatchObject({ ip_address: "203.0.113.7", user_agent: "Tests/1.0" });
      const stored = await store.read.selectFrom("auth_accounts").selectAll().execute();
      expect(JSON.stringify(stored)).not.toContain(ann.password);
    });

    test("a wrong password and an unknown address look the same, and cost the same", async () => {
      const work: string[] = [];
      const counted: Passwords = {
        hash: (password) => {
          work.push("one");
          return quickPasswords.hash(password);
        },
        verify: (hash, password) => {
          work.push("one");
          return quickPasswords.verify(hash, password);
        },
      };
      const { auth, ...accounts } = open("open", counted);
      await accounts.signUp(ann);
      const refusals = [];
      for (const email of [ann.email, "nobody@example.com"]) {
        work.length = 0;
        const refusal = await auth
          .signIn({ email, password: "not the one" }, origin)
          .catch(({ code, message }) => ({ code, message }));
        refusals.push({ refusal, work: work.length });
      }
      const refusal = { code: "unauthenticated", message: "Invalid email or password" };
      expect(refusals).toEqual([
        { refusal, work: 1 },
        { refusal, work: 1 },
      ]);
    });

    test("each sign-in is a session of its own, and signing out ends just that one", async () => {
      const { auth, findSession, ...accounts } = open("open");
      await accounts.signUp(ann);
      const first = headersOf((await auth.signIn(ann, origin)).cookies);
      const second = headersOf((await auth.signIn(ann, origin)).cookies);
      expect(first.get("cookie")).not.toBe(second.get("cookie"));
      await endSession({ store, secret }, first);
      expect(await findSession(first)).toBeUndefined();
      expect(await findSession(second)).toBeDefined();
    });

    test("a session ends after seven days, however much it is used", async () => {
      const { auth, findSession, ...accounts } = open("open");
      await accounts.signUp(ann);
      const headers = headersOf((await auth.signIn(ann, origin)).cookies);
      clock.advance(7 * 86_400_000 - 60_000);
      expect(await findSession(headers)).toBeDefined();
      // The library writes the end by the machine's own clock.
      clock.advance(120_000);
      expect(await findSession(headers)).toBeUndefined();
    });

    test("a cookie that was changed, or signed by another, is none", async () => {
      const { auth, findSession, ...accounts } = open("open");
      await accounts.signUp(ann);
      const cookie = headersOf((await auth.signIn(ann, origin)).cookies).get("cookie") ?? "";
      const foreign = createFindSession({ store, clock, secret: "another secret" });
      expect(await foreign(new Headers({ cookie }))).toBeUndefined();
      const [cookieName, value = ""] = cookie.split("=");
      for (const changed of ["", "x", `x${value}`, value.slice(1), value.split(".")[0], "%zz"]) {
        const headers = new Headers({ cookie: `${cookieName}=${changed}` });
        expect(await findSession(headers)).toBeUndefined();
      }
    });

    test("of twenty at once with one address, one has the account", async () => {
      const accounts = open("open");
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => accounts.signUp(ann)),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const result of results) {
        if (result.status === "fulfilled") continue;
        expect(result.reason).toMatchObject({
          code: "conflict",
          message: "Email already registered",
        });
      }
      const users = await store.read.selectFrom("users").select("id").execute();
      const passwords = await store.read.selectFrom("auth_accounts").select("id").execute();
      expect([users.length, passwords.length]).toEqual([1, 1]);
    });

    test("nobody signs up where sign-ups are closed, with an invite neither", async () => {
      const { token } = await invite();
      for (const given of [undefined, token]) {
        await expect(open("closed").signUp({ ...ann, invite: given })).rejects.toMatchObject({
          code: "forbidden",
        });
      }
    });

    const invite = async (email?: string) => {
      const createdBy = await addUser(store, { role: "admin" });
      return store.write((tx) => createInvite(tx, { createdBy, email, validMs: 3_600_000 }));
    };

    test("an invite lets one in, once", async () => {
      const accounts = open("invite");
      const { token, view } = await invite();
      await expect(accounts.signUp(ann)).rejects.toMatchObject({ code: "forbidden" });
      const both = [ann, { ...ann, email: "bob@example.com" }];
      const results = await Promise.allSettled(
        both.map((person) => accounts.signUp({ ...person, invite: token })),
      );
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [used] = await listInvites(store, { limit: 9 });
      expect(used?.used_at).not.toBeNull();
      expect(await store.write((tx) => revokeInvite(tx, view.id))).toBe(false);
    });

    test("an invite is no good for another address, after its time, or revoked", async () => {
      const accounts = open("invite");
      const forBob = await invite("bob@example.com");
      await expect(accounts.signUp({ ...ann, invite: forBob.token })).rejects.toThrow("invite");
      const bob = await accounts.signUp({
        ...ann,
        email: "Bob@example.com",
        invite: forBob.token,
      });
      const row = await store.read
        .selectFrom("users")
        .select("email_verified")
        .where("id", "=", bob)
        .executeTakeFirstOrThrow();
      expect(Boolean(row.email_verified)).toBe(true);
      const revoked = await invite();
      expect(await store.write((tx) => revokeInvite(tx, revoked.view.id))).toBe(true);
      await expect(accounts.signUp({ ...ann, invite: revoked.token })).rejects.toThrow("invite");
      const late = await invite();
      clock.advance(3_600_001);
      await expect(accounts.signUp({ ...ann, invite: late.token })).rejects.toThrow("invite");
    });

    test("a taken address uses no invite up", async () => {
      const accounts = open("invite");
      await addUser(store, { email: "ann@example.com" });
      const { token } = await invite();
      await expect(accounts.signUp({ ...ann, invite: token })).rejects.toMatchObject({
        code: "conflict",
      });
      await accounts.signUp({ ...ann, email: "second@example.com", invite: token });
    });

    test("somebody who is shut out has no session, no way in and no keys", async () => {
      const { auth, findSession, ...accounts } = open("open");
      const id = await accounts.signUp(ann);
      const headers = headersOf((await auth.signIn(ann, origin)).cookies);
      await store.write((tx) => updateUser(tx, id, { isDisabled: true }));
      expect(await findSession(headers)).toBeUndefined();
      await expect(auth.signIn(ann, origin)).rejects.toMatchObject({ code: "forbidden" });
      await expect(auth.signIn({ ...ann, password: "wrong" }, origin)).rejects.toMatchObject({
        code: "unauthenticated",
      });
      await store.write((tx) => updateUser(tx, id, { isDisabled: false }));
      expect((await auth.signIn(ann, origin)).user.id).toBe(id);
    });

    test("a new password ends the sessions of the old one", async () => {
      const { auth, findSession, ...accounts } = open("open");
      const userId = await accounts.signUp(ann);
      const headers = headersOf((await auth.signIn(ann, origin)).cookies);
      const passwordHash = await quickPasswords.hash("another one");
      await store.write((tx) => setPassword(tx, { userId, passwordHash }, clock.now()));
      expect(await findSession(headers)).toBeUndefined();
      await expect(auth.signIn(ann, origin)).rejects.toMatchObject({ code: "unauthenticated" });
      expect((await auth.signIn({ ...ann, password: "another one" }, origin)).user.id).toBe(userId);
    });

    test("a set-up link makes one administrator, and of many at once one", async () => {
      const { setUpDeps } = open("closed");
      const token = await ensureWayIn(setUpDeps, undefined);
      if (token === undefined) throw new Error("expected a token");
      expect(token).toMatch(/^mst_[0-9A-Za-z]{32}$/);
      const stored = await store.read.selectFrom("settings").select("value").execute();
      expect(JSON.stringify(stored)).not.toContain(token);
      const people = Array.from({ length: 5 }, (_, index) => ({
        ...ann,
        token,
        email: `admin${index}@example.com`,
      }));
      const results = await Promise.allSettled(people.map((person) => setUp(setUpDeps, person)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await hasAdmin(store)).toBe(true);
      expect(await ensureWayIn(setUpDeps, undefined)).toBeUndefined();
    });

    test("a set-up link is void when it is wrong, old, or followed by another", async () => {
      const { setUpDeps } = open("closed");
      const first = await createSetupToken(setUpDeps);
      const second = await createSetupToken(setUpDeps);
      for (const token of [first, `mst_${"x".repeat(32)}`, "", "mst_"]) {
        await expect(setUp(setUpDeps, { ...ann, token })).rejects.toMatchObject({
          code: "forbidden",
        });
      }
      clock.advance(30 * 60_000);
      await expect(setUp(setUpDeps, { ...ann, token: second })).rejects.toThrow("set-up link");
      expect(await hasAdmin(store)).toBe(false);
    });

    test("the administrator of the settings is made once, and takes over the address", async () => {
      const { auth, setUpDeps, ...accounts } = open("open");
      const id = await accounts.signUp(ann);
      const admin = { email: "ann@example.com", password: "from settings" };
      expect(await ensureWayIn(setUpDeps, admin)).toBeUndefined();
      expect(await findUserByEmail(store.read, "ann@example.com")).toMatchObject({
        id,
        role: "admin",
      });
      const { password } = admin;
      expect((await auth.signIn({ email: ann.email, password }, origin)).user.id).toBe(id);
      await ensureWayIn(setUpDeps, { email: "other@example.com", password });
      expect(await findUserByEmail(store.read, "other@example.com")).toBeUndefined();
    });
  });
}
