import type { Passwords } from "../../src/accounts/passwords.ts";

/** Passwords without the cost that makes them safe: for tests that are not about them. */
export const quickPasswords: Passwords = {
  hash: async (password) => `quick:${password}`,
  verify: async (hash, password) => hash === `quick:${password}`,
};
