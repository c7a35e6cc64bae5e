import type { Selectable } from "kysely";
import type { ApiKeysTable } from "../db/account-tables.ts";
import { holdUser } from "../db/hold-user.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { type Scope, scopes } from "./caller.ts";
import { createAccountId, createToken, hashToken } from "./tokens.ts";

export const apiKeyPrefix = "motion_";

/** Keys that one user may have at a time. */
export const keysMax = 100;
/** What people recognise a key by. */
const previewLength = apiKeyPrefix.length + 4;

export interface NewApiKey {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Unix milliseconds, or undefined for a key without an end. */
  readonly expiresAt: number | undefined;
  /** The id of the key that asks for this one, which then ends with it. */
  readonly madeWith?: string | undefined;
}

/** A key as its owner sees it. */
export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  /** Its first characters. */
  readonly preview: string;
  readonly scopes: readonly Scope[];
  readonly created_at: number;
  readonly expires_at: number | null;
  /** Behind the truth by up to a minute. */
  readonly last_used_at: number | null;
}

/**
 * Makes a key. The key itself is in the answer and nowhere else.
 * @throws AppError `conflict` when the user has a hundred; `unauthenticated` when the key that it
 * is made with has been revoked meanwhile.
 */
export async function createApiKey(
  tx: Tx,
  input: NewApiKey,
): Promise<{ readonly key: string; readonly view: ApiKeyView }> {
  await holdUser(tx, input.userId);
  if (input.madeWith !== undefined) await refuseRevoked(tx, input.madeWith);
  if ((await countKeys(tx, input.userId)) >= keysMax) await revokeEnded(tx, input.userId);
  if ((await countKeys(tx, input.userId)) >= keysMax) {
    throw new AppError("conflict", `you have ${keysMax} API keys already: revoke one first`);
  }
  const key = createToken(apiKeyPrefix);
  const row = await tx.query
    .insertInto("api_keys")
    .values({
      id: createAccountId("key_"),
      user_id: input.userId,
      name: input.name,
      hash: hashToken(key),
      preview: `${key.slice(0, previewLength)}…`,
      scopes: JSON.stringify(input.scopes),
      created_at: tx.now,
      expires_at: input.expiresAt ?? null,
      last_used_at: null,
      revoked_at: null,
      made_with: input.madeWith ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key, view: viewOf(row) };
}

/** The user's keys that are not revoked, newest first; expired ones too. */
export async function listApiKeys(store: Store, userId: string): Promise<readonly ApiKeyView[]> {
  const rows = await store.read
    .selectFrom("api_keys")
    .selectAll()
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(keysMax)
    .execute();
  return rows.map(viewOf);
}

/**
 * Ends a key for good, with all that were made with it: who has found one may have made others.
 * @returns whether the user had it.
 */
export async function revokeApiKey(
  tx: Tx,
  { id, userId }: { readonly id: string; readonly userId: string },
): Promise<boolean> {
  await holdUser(tx, userId);
  tx.wake("accounts");
  const row = await revoking(tx, userId).where("id", "=", id).executeTakeFirst();
  let makers = row ? [id] : [];
  // Each round ends keys, of which there are no more than a hundred.
  while (makers.length > 0) {
    const made = await revoking(tx, userId).where("made_with", "in", makers).execute();
    makers = made.map((key) => key.id);
  }
  return row !== undefined;
}

function revoking(tx: Tx, userId: string) {
  return tx.query
    .updateTable("api_keys")
    .set({ revoked_at: tx.now })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .returning("id");
}

/** Ends all keys of a user. */
export async function revokeApiKeys(tx: Tx, userId: string): Promise<void> {
  tx.wake("accounts");
  await revoking(tx, userId).execute();
}

/** It was good when the request came in, and is looked at again where nobody can revoke it. */
async function refuseRevoked(tx: Tx, id: string): Promise<void> {
  const maker = await tx.query
    .selectFrom("api_keys")
    .select("id")
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (!maker) throw new AppError("unauthenticated", "Authentication required");
}

async function countKeys(tx: Tx, userId: string): Promise<number> {
  const { count } = await tx.query
    .selectFrom("api_keys")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Keys that ended by their time are listed for as long as there is room for them. */
async function revokeEnded(tx: Tx, userId: string): Promise<void> {
  await revoking(tx, userId).where("expires_at", "<=", tx.now).execute();
}

/** The scopes of a row; what is no longer known is none. */
export function parseScopes(json: string): readonly Scope[] {
  const stored: unknown = JSON.parse(json);
  return scopes.filter((scope) => Array.isArray(stored) && stored.includes(scope));
}

function viewOf(row: Selectable<ApiKeysTable>): ApiKeyView {
  const { id, name, preview, created_at, expires_at, last_used_at } = row;
  return {
    id,
    name,
    preview,
    scopes: parseScopes(row.scopes),
    created_at,
    expires_at,
    last_used_at,
  };
}
