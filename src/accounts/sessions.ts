import { createHmac, timingSafeEqual } from "node:crypto";
import type { Store, Tx } from "../db/store.ts";
import { type Caller, roleOf, scopes } from "./caller.ts";

export const sessionCookieName = "better-auth.session_token";
export const sessionSeconds = 7 * 86_400;
/** Sessions that one user may have at a time. */
export const sessionsMax = 100;

/** The key that cookies are signed with: derived, so that no two uses share one. */
export function sessionSecret(serverSecret: string): string {
  return createHmac("sha256", serverSecret).update("motioness session cookies").digest("hex");
}

export interface SessionsDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  /** As `sessionSecret` makes it. */
  readonly secret: string;
}

/** Whose session the request's cookie is, if any. */
export type FindSession = (headers: Headers) => Promise<SignedInUser | undefined>;

export interface SignedInUser {
  readonly caller: Caller;
  readonly email: string;
  readonly name: string;
}

/**
 * Reads sessions as the accounts library writes them: a row a session, and a cookie with the row's
 * token and its signature. One read for each request and no write: a session ends seven days after
 * it began, however much it is used.
 */
export function createFindSession({ store, clock, secret }: SessionsDeps): FindSession {
  return async (headers) => {
    const token = tokenOf(headers.get("cookie") ?? "", secret);
    if (token === undefined) return undefined;
    const row = await store.read
      .selectFrom("auth_sessions")
      .innerJoin("users", "users.id", "auth_sessions.user_id")
      .select(["user_id", "expires_at", "role", "email", "name"])
      .where("token", "=", token)
      .where("users.disabled_at", "is", null)
      .executeTakeFirst();
    if (!row || toMillis(row.expires_at) <= clock.now()) return undefined;
    const { user_id: userId, role, email, name } = row;
    return { caller: { userId, role: roleOf(role), via: "session", scopes }, email, name };
  };
}

/** Ends the session whose cookie the request carries, if it does. */
export async function endSession(
  { store, secret }: Pick<SessionsDeps, "store" | "secret">,
  headers: Headers,
): Promise<void> {
  const token = tokenOf(headers.get("cookie") ?? "", secret);
  if (token === undefined) return;
  await store.write((tx) =>
    tx.query.deleteFrom("auth_sessions").where("token", "=", token).execute(),
  );
}

/** The `Set-Cookie` that takes a session's cookie back. */
export function expiredCookie(isSecure: boolean): string {
  const attributes = `Max-Age=0; Path=/; HttpOnly${isSecure ? "; Secure" : ""}; SameSite=Lax`;
  return `${sessionCookieName}=; ${attributes}`;
}

/** Ends every session of a user. */
export async function endSessions(tx: Tx, userId: string): Promise<void> {
  await tx.query.deleteFrom("auth_sessions").where("user_id", "=", userId).execute();
}

/**
 * Forgets those of a user's sessions that ended by their time, which nobody asks for again, and
 * ends the oldest where one more would be too many.
 */
export async function makeRoomForSession(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.query
    .deleteFrom("auth_sessions")
    .where("user_id", "=", userId)
    .where("expires_at", "<=", now.toISOString())
    .execute();
  await tx.query
    .deleteFrom("auth_sessions")
    .where("user_id", "=", userId)
    .where("id", "not in", (sessions) =>
      sessions
        .selectFrom("auth_sessions")
        .select("id")
        .where("user_id", "=", userId)
        .orderBy("created_at", "desc")
        .orderBy("id")
        .limit(sessionsMax - 1),
    )
    .execute();
}

/** A session's cookie, `name=value`. */
export function signedCookie(token: string, secret: string): string {
  return `${sessionCookieName}=${encodeURIComponent(`${token}.${signature(token, secret)}`)}`;
}

/** A time as either engine gives it: Postgres a date, SQLite its ISO text. */
export function toMillis(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}

/** The token within the cookie, when the signature is ours. */
function tokenOf(cookies: string, secret: string): string | undefined {
  const pairs = cookies.split(";").map((pair) => pair.trim());
  const pair = pairs.find((candidate) => candidate.startsWith(`${sessionCookieName}=`));
  const value = decode(pair?.slice(sessionCookieName.length + 1) ?? "");
  const [token, given] = /^([\w-]{16,128})\.([A-Za-z0-9+/]{43}=)$/.exec(value)?.slice(1) ?? [];
  if (token === undefined || given === undefined) return undefined;
  const isOurs = timingSafeEqual(Buffer.from(given), Buffer.from(signature(token, secret)));
  return isOurs ? token : undefined;
}

function signature(token: string, secret: string): string {
  return createHmac("sha256", secret).update(token).digest("base64");
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}
