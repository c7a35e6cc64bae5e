import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { FirstAdmin } from "./config.ts";
import { parseEmail } from "./email.ts";
import type { Passwords } from "./passwords.ts";
import { createToken, hashToken, isToken } from "./tokens.ts";
import { createUser, evict, findUserByEmail, setPassword, updateUser } from "./users.ts";

export interface SetupDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly passwords: Passwords;
}

const prefix = "mst_";
const settingKey = "setup_token";
const validMs = 30 * 60_000;

/** Whether somebody administers this server. */
export async function hasAdmin(store: Store): Promise<boolean> {
  const row = await store.read
    .selectFrom("users")
    .select("id")
    .where("role", "=", "admin")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Sees to it that somebody can administer the server: the administrator whom the settings name, if
 * there is none yet. @returns a set-up token when there still is none.
 */
export async function ensureWayIn(
  deps: SetupDeps,
  firstAdmin: FirstAdmin | undefined,
): Promise<string | undefined> {
  if (await hasAdmin(deps.store)) return undefined;
  if (!firstAdmin) return createSetupToken(deps);
  await makeAdmin(deps, firstAdmin);
  return undefined;
}

/**
 * A fresh token that makes one administrator within half an hour; the one before is void. Whoever
 * sees what the server prints may have it, and nobody who merely came first.
 */
export async function createSetupToken({
  store,
  clock,
}: Omit<SetupDeps, "passwords">): Promise<string> {
  const token = createToken(prefix);
  const value = JSON.stringify({ hash: hashToken(token), expires_at: clock.now() + validMs });
  await store.write((tx) =>
    tx.query
      .insertInto("settings")
      .values({ key: settingKey, value, updated_at: tx.now })
      .onConflict((oc) => oc.column("key").doUpdateSet({ value, updated_at: tx.now }))
      .execute(),
  );
  return token;
}

export interface Setup {
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/**
 * Makes an administrator with a set-up token, which is used up by it. @returns the user's id.
 * @throws AppError `forbidden` for a wrong token; `conflict` when the address has an account (the
 * token is still good then).
 */
export async function setUp(
  { store, clock, passwords }: SetupDeps,
  { token, email, name, password }: Setup,
): Promise<string> {
  const stored = await findToken(store);
  if (!isCurrent(stored, token, clock.now())) throw invalidToken();
  const passwordHash = await passwords.hash(password);
  return store.write(async (tx) => {
    await useToken(tx, stored);
    const admin = { email, name, passwordHash, role: "admin", isEmailVerified: true } as const;
    return createUser(tx, admin, clock.now());
  });
}

/**
 * Makes somebody an administrator who signs in with this password, whoever they were.
 * @throws AppError `invalid_request` for an address that nobody could sign in with.
 */
export async function makeAdmin(
  { store, clock, passwords }: SetupDeps,
  { email: given, password }: FirstAdmin,
): Promise<void> {
  const email = parseEmail(given);
  const passwordHash = await passwords.hash(password);
  await store.write(async (tx) => {
    const known = await findUserByEmail(tx.query, email);
    await tx.query.deleteFrom("settings").where("key", "=", settingKey).execute();
    if (known) {
      // Whoever registered the address before may be anybody: no key of theirs becomes an admin's.
      await evict(tx, known.id);
      await setPassword(tx, { userId: known.id, passwordHash }, clock.now());
      await updateUser(tx, known.id, { role: "admin", isDisabled: false });
      await vouchForAddress(tx, known.id);
      return;
    }
    const name = email.split("@")[0] ?? email;
    const user = { email, name, passwordHash, role: "admin", isEmailVerified: true } as const;
    await createUser(tx, user, clock.now());
  });
}

/** The operator named it: otherwise signing in with a provider would evict the administrator. */
async function vouchForAddress(tx: Tx, userId: string): Promise<void> {
  await tx.query
    .updateTable("users")
    .set({ email_verified: true })
    .where("id", "=", userId)
    .execute();
}

interface StoredToken {
  readonly json: string;
  readonly hash: string;
  readonly expiresAt: number;
}

async function findToken(store: Store): Promise<StoredToken | undefined> {
  const row = await store.read
    .selectFrom("settings")
    .select("value")
    .where("key", "=", settingKey)
    .executeTakeFirst();
  if (!row) return undefined;
  const { hash, expires_at } = JSON.parse(row.value) as { hash: string; expires_at: number };
  return { json: row.value, hash, expiresAt: expires_at };
}

function isCurrent(
  stored: StoredToken | undefined,
  token: string,
  nowMs: number,
): stored is StoredToken {
  if (!stored || !isToken(token, prefix) || stored.expiresAt <= nowMs) return false;
  return stored.hash === hashToken(token);
}

/** Of two that come with the same token, one finds it. */
async function useToken(tx: Tx, { json }: StoredToken): Promise<void> {
  const row = await tx.query
    .deleteFrom("settings")
    .where("key", "=", settingKey)
    .where("value", "=", json)
    .returning("key")
    .executeTakeFirst();
  if (!row) throw invalidToken();
}

function invalidToken(): AppError {
  return new AppError(
    "forbidden",
    "this set-up link is not valid: restart the server, or run `motioness admin link`, for another",
  );
}
