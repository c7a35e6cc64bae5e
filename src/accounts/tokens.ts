import { createHash, randomBytes } from "node:crypto";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const base36 = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The characters of a token behind its prefix: 190 bits. */
export const tokenLength = 32;

/** A fresh secret: `prefix` and 32 base62 characters. */
export function createToken(prefix: string): string {
  return prefix + randomText(base62, tokenLength);
}

/** Whether `text` has the form of a token with this prefix. */
export function isToken(text: string, prefix: string): boolean {
  return text.startsWith(prefix) && /^[0-9A-Za-z]{32}$/.test(text.slice(prefix.length));
}

/**
 * SHA-256 of a token, hex: what is stored of it. A token is random, so nothing slower is needed;
 * and whoever measures how long a look-up takes learns of the hash, from which no token follows.
 */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A fresh id: `prefix` and 20 characters that may stand in a path of any case. */
export function createAccountId(prefix: "usr_" | "key_" | "inv_" | "acc_"): string {
  return prefix + randomText(base36, 20);
}

function randomText(digits: string, length: number): string {
  // The largest multiple of the alphabet in a byte: what lies above would favour the first digits.
  const limit = 256 - (256 % digits.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) text += digits[byte % digits.length];
    }
  }
  return text;
}
