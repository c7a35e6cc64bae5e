import { randomUUID } from "node:crypto";
import { createApiKey } from "../../src/accounts/api-keys.ts";
import type { Scope } from "../../src/accounts/caller.ts";
import { sessionSeconds, sessionSecret, signedCookie } from "../../src/accounts/sessions.ts";
import type { Store } from "../../src/db/store.ts";

export interface SignedInSeed {
  readonly email?: string;
  readonly name?: string;
  readonly plan?: string;
  readonly role?: "user" | "admin";
  readonly isEmailVerified?: boolean;
}

/** A new user, without a password. @returns the user's id. */
export async function addUser(store: Store, seed: SignedInSeed = {}): Promise<string> {
  const id = `usr_${shortId()}`;
  const date = new Date().toISOString();
  await store.write((tx) =>
    tx.query
      .insertInto("users")
      .values({
        id,
        email: seed.email ?? `${id}@example.com`,
        name: seed.name ?? "Test",
        email_verified: seed.isEmailVerified ?? false,
        image: null,
        plan: seed.plan ?? "unlimited",
        role: seed.role ?? "user",
        created_at: date,
        updated_at: date,
      })
      .execute(),
  );
  return id;
}

/** A session of the user's, without the cost of a password. @returns headers that carry it. */
export async function sessionHeaders(
  { store, secret }: { readonly store: Store; readonly secret: string },
  userId: string,
  startMs: number = Date.now(),
): Promise<{ readonly Cookie: string }> {
  const token = randomUUID().replaceAll("-", "");
  const date = new Date(startMs).toISOString();
  await store.write((tx) =>
    tx.query
      .insertInto("auth_sessions")
      .values({
        id: shortId(),
        user_id: userId,
        token,
        expires_at: new Date(startMs + sessionSeconds * 1000).toISOString(),
        ip_address: null,
        user_agent: null,
        created_at: date,
        updated_at: date,
      })
      .execute(),
  );
  return { Cookie: signedCookie(token, sessionSecret(secret)) };
}

/** An API key of the user's. @returns headers that carry it. */
export async function keyHeaders(
  store: Store,
  userId: string,
  scopes: readonly Scope[] = ["read", "write"],
): Promise<{ readonly Authorization: string }> {
  const input = { userId, name: "test", scopes, expiresAt: undefined };
  const { key } = await store.write((tx) => createApiKey(tx, input));
  return { Authorization: `Bearer ${key}` };
}

function shortId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 20);
}
