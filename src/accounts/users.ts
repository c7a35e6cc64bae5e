import type { Kysely } from "kysely";
import type { Schema } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { defaultPlan, type PlanName } from "../models/plans.ts";
import { revokeApiKeys } from "./api-keys.ts";
import { type Caller, roleOf } from "./caller.ts";
import { endSessions, toMillis } from "./sessions.ts";
import { createAccountId } from "./tokens.ts";

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Caller["role"];
  readonly plan: string;
  readonly isDisabled: boolean;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: Caller["role"];
  /** Whether somebody vouches for the address: an administrator, who gave the account out. */
  readonly isEmailVerified: boolean;
}

/** The account that holds a password, in the words of the accounts library. */
const credential = "credential";

/**
 * Makes a user who signs in with a password.
 * @throws AppError `conflict` when the address has an account.
 */
export async function createUser(tx: Tx, user: NewUser, nowMs: number): Promise<string> {
  const date = new Date(nowMs).toISOString();
  const row = await tx.query
    .insertInto("users")
    .values({
      id: createAccountId("usr_"),
      email: user.email.toLowerCase(),
      name: user.name,
      email_verified: user.isEmailVerified,
      image: null,
      plan: defaultPlan,
      role: user.role,
      created_at: date,
      updated_at: date,
    })
    .onConflict((oc) => oc.column("email").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!row) throw new AppError("conflict", "Email already registered");
  await insertPassword(tx, row.id, user.passwordHash, date);
  return row.id;
}

/** Gives a user a new password, and ends every session that was begun with the old one. */
export async function setPassword(
  tx: Tx,
  { userId, passwordHash }: { readonly userId: string; readonly passwordHash: string },
  nowMs: number,
): Promise<void> {
  await tx.query
    .deleteFrom("auth_accounts")
    .where("user_id", "=", userId)
    .where("provider_id", "=", credential)
    .execute();
  await insertPassword(tx, userId, passwordHash, new Date(nowMs).toISOString());
  await endSessions(tx, userId);
}

/**
 * Takes every way in from whoever holds an account: passwords, providers, sessions and API keys.
 * Before it becomes the account of somebody who has proved more than they have.
 */
export async function evict(tx: Tx, userId: string): Promise<void> {
  await tx.query.deleteFrom("auth_accounts").where("user_id", "=", userId).execute();
  await endSessions(tx, userId);
  await revokeApiKeys(tx, userId);
}

export async function findUser(query: Kysely<Schema>, id: string): Promise<User | undefined> {
  return findBy(query, "id", id);
}

export async function findUserByEmail(
  query: Kysely<Schema>,
  email: string,
): Promise<User | undefined> {
  return findBy(query, "email", email.toLowerCase());
}

/** Users in the order of their ids, behind `cursor`. */
export async function listUsers(
  store: Store,
  page: { readonly cursor: string; readonly limit: number },
): Promise<readonly User[]> {
  const rows = await store.read
    .selectFrom("users")
    .select(columns)
    .where("id", ">", page.cursor)
    .orderBy("id")
    .limit(page.limit)
    .execute();
  return rows.map(toUser);
}

export interface UserChanges {
  readonly plan?: PlanName;
  readonly role?: Caller["role"];
  /** Shutting somebody out ends their sessions and API keys. */
  readonly isDisabled?: boolean;
}

/** @returns the user as changed, or undefined when there is none. */
export async function updateUser(
  tx: Tx,
  id: string,
  { plan, role, isDisabled }: UserChanges,
): Promise<User | undefined> {
  const changes = {
    ...(plan === undefined ? {} : { plan }),
    ...(role === undefined ? {} : { role }),
    ...(isDisabled === undefined ? {} : { disabled_at: isDisabled ? tx.now : null }),
  };
  if (Object.keys(changes).length > 0) {
    await tx.query.updateTable("users").set(changes).where("id", "=", id).execute();
  }
  if (role !== undefined || isDisabled !== undefined) tx.wake("accounts");
  if (isDisabled) {
    await endSessions(tx, id);
    await revokeApiKeys(tx, id);
  }
  return findUser(tx.query, id);
}

/** What a user may do, who stays what they are until the transaction ends; nothing when shut out. */
export async function holdRole(tx: Tx, id: string): Promise<Caller["role"]> {
  const row = await tx.query
    .updateTable("users")
    .set((e) => ({ role: e.ref("role") }))
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .returning("role")
    .executeTakeFirst();
  return roleOf(row?.role ?? "");
}

const columns = ["id", "email", "name", "role", "plan", "disabled_at", "created_at"] as const;

async function findBy(
  query: Kysely<Schema>,
  column: "id" | "email",
  value: string,
): Promise<User | undefined> {
  const row = await query
    .selectFrom("users")
    .select(columns)
    .where(column, "=", value)
    .executeTakeFirst();
  return row && toUser(row);
}

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly plan: string;
  readonly disabled_at: number | null;
  readonly created_at: unknown;
}

function toUser({ role, disabled_at, created_at, ...row }: UserRow): User {
  return {
    ...row,
    role: roleOf(role),
    isDisabled: disabled_at !== null,
    createdAt: toMillis(created_at),
  };
}

async function insertPassword(
  tx: Tx,
  userId: string,
  password: string,
  date: string,
): Promise<void> {
  await tx.query
    .insertInto("auth_accounts")
    .values({
      id: createAccountId("acc_"),
      user_id: userId,
      account_id: userId,
      provider_id: credential,
      access_token: null,
      refresh_token: null,
      id_token: null,
      access_token_expires_at: null,
      refresh_token_expires_at: null,
      scope: null,
      password,
      created_at: date,
      updated_at: date,
    })
    .execute();
}
