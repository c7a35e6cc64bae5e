import { sql } from "kysely";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { createAccountId, createToken, hashToken } from "./tokens.ts";

const prefix = "inv_";
const openMax = 500;

export interface InviteView {
  readonly id: string;
  /** The only address that may use it, or null for whoever holds it. */
  readonly email: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
}

export interface NewInvite {
  readonly createdBy: string;
  readonly email: string | undefined;
  readonly validMs: number;
}

/**
 * Makes an invite for one account. Its token is in the answer and nowhere else.
 * @throws AppError `conflict` when there are too many unused ones.
 */
export async function createInvite(
  tx: Tx,
  input: NewInvite,
): Promise<{ readonly token: string; readonly view: InviteView }> {
  const open = await tx.query
    .selectFrom("invites")
    .select("id")
    .where("used_at", "is", null)
    .where("expires_at", ">", tx.now)
    .limit(openMax)
    .execute();
  if (open.length >= openMax) {
    throw new AppError("conflict", `there are ${openMax} unused invites: revoke some first`);
  }
  const token = createToken(prefix);
  const row = await tx.query
    .insertInto("invites")
    .values({
      id: createAccountId(prefix),
      token_hash: hashToken(token),
      email: input.email?.toLowerCase() ?? null,
      created_by: input.createdBy,
      created_at: tx.now,
      expires_at: sql<number>`${tx.now} + ${sql.lit(input.validMs)}`,
      used_at: null,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return { token, view: row };
}

export interface InvitePage {
  readonly limit: number;
  /** The list goes on behind this one. */
  readonly after?: { readonly createdAt: number; readonly id: string } | undefined;
}

/** Invites, newest first, used and expired ones too. */
export async function listInvites(
  store: Store,
  { limit, after }: InvitePage,
): Promise<readonly InviteView[]> {
  return store.read
    .selectFrom("invites")
    .select(columns)
    .$if(after !== undefined, (list) =>
      list.where((e) =>
        e(e.refTuple("created_at", "id"), "<", e.tuple(after?.createdAt ?? 0, after?.id ?? "")),
      ),
    )
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** Takes an unused invite back. @returns whether there was one. */
export async function revokeInvite(tx: Tx, id: string): Promise<boolean> {
  const row = await tx.query
    .deleteFrom("invites")
    .where("id", "=", id)
    .where("used_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the invite could be used now, by whoever has this address. */
export async function isInvited(store: Store, token: string, email: string): Promise<boolean> {
  const row = await store.read
    .selectFrom("invites")
    .select("email")
    .where("token_hash", "=", hashToken(token))
    .where("used_at", "is", null)
    .where("expires_at", ">", store.now)
    .executeTakeFirst();
  return row !== undefined && (row.email === null || row.email === email.toLowerCase());
}

/**
 * Uses the invite up, in the transaction that makes the account: of two at once, one is let in.
 * @returns whether it names this address, so that whoever gave it out vouches for it.
 * @throws AppError `forbidden` when it cannot be used, without saying why.
 */
export async function useInvite(
  tx: Tx,
  { token, email }: { readonly token: string; readonly email: string },
): Promise<boolean> {
  const row = await tx.query
    .updateTable("invites")
    .set({ used_at: tx.now })
    .where("token_hash", "=", hashToken(token))
    .where("used_at", "is", null)
    .where("expires_at", ">", tx.now)
    .where((e) => e.or([e("email", "is", null), e("email", "=", email.toLowerCase())]))
    .returning("email")
    .executeTakeFirst();
  if (!row) throw invalidInvite();
  return row.email !== null;
}

export function invalidInvite(): AppError {
  return new AppError(
    "forbidden",
    "this invite cannot be used: it is unknown, expired, used, or for another address",
  );
}

const columns = ["id", "email", "created_at", "expires_at", "used_at"] as const;
