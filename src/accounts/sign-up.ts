import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { AccountsConfig } from "./config.ts";
import { invalidInvite, isInvited, useInvite } from "./invites.ts";
import type { Passwords } from "./passwords.ts";
import { createUser } from "./users.ts";

export interface SignUpDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly passwords: Passwords;
  readonly config: Pick<AccountsConfig, "signups">;
}

export interface SignUp {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly invite: string | undefined;
}

/**
 * Makes an account for whoever may have one: the user, the password and the use of the invite in
 * one transaction. @returns the user's id.
 * @throws AppError `forbidden` when nobody, or not this one, may sign up; `conflict` when the
 * address has an account.
 */
export async function signUp(
  { store, clock, passwords, config }: SignUpDeps,
  { email, name, password, invite }: SignUp,
): Promise<string> {
  // Before a password is hashed for somebody who is turned away all the same.
  await checkMaySignUp({ store, config }, { email, invite });
  const passwordHash = await passwords.hash(password);
  return store.write(async (tx) => {
    const isEmailVerified = await takeInvite(tx, config, { email, invite });
    const user = { email, name, passwordHash, role: "user", isEmailVerified } as const;
    return createUser(tx, user, clock.now());
  });
}

interface Newcomer {
  readonly email: string;
  readonly invite: string | undefined;
}

async function checkMaySignUp(
  { store, config }: Pick<SignUpDeps, "store" | "config">,
  { email, invite }: Newcomer,
): Promise<void> {
  if (config.signups === "closed") {
    throw new AppError("forbidden", "sign-ups are closed: ask this server's administrator");
  }
  if (config.signups === "open") return;
  if (invite === undefined) {
    throw new AppError("forbidden", "sign-ups need an invite: ask this server's administrator");
  }
  if (!(await isInvited(store, invite, email))) throw invalidInvite();
}

/**
 * Lets a newcomer in, in the transaction that makes their account.
 * @returns whether the inviter vouches for the address.
 * @throws AppError `forbidden`.
 */
export async function takeInvite(
  tx: Tx,
  config: Pick<AccountsConfig, "signups">,
  { email, invite }: Newcomer,
): Promise<boolean> {
  if (config.signups === "open") return false;
  if (config.signups === "closed" || invite === undefined) {
    throw new AppError("forbidden", "sign-ups are closed: ask this server's administrator");
  }
  return useInvite(tx, { token: invite, email });
}
