import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";

const nonceBytes = 12;
const tagBytes = 16;
const prefix = "sealed.1.";

/** Keeps secrets unreadable to whoever holds only the database. */
export interface Sealer {
  /** The secret as text for a column. */
  seal(secret: string): string;
  /** @throws AppError `internal` when the text was sealed with another server secret. */
  open(sealed: string): string;
}

/** AES-256-GCM with a key derived (HKDF-SHA256, RFC 5869) from the server's own secret. */
export function createSealer(serverSecret: string): Sealer {
  const key = Buffer.from(hkdfSync("sha256", serverSecret, "", "motioness sealed secrets", 32));
  return {
    seal(secret) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return prefix + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64url");
    },
    open(sealed) {
      try {
        if (!sealed.startsWith(prefix)) throw new Error("not a sealed secret");
        const bytes = Buffer.from(sealed.slice(prefix.length), "base64url");
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes));
        decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
        const body = bytes.subarray(nonceBytes, bytes.length - tagBytes);
        return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        // For the operator's log alone: whoever sent the request cannot change it.
        const hint = "a stored secret cannot be opened: was MOTIONESS_SECRET changed? Restore it";
        throw new AppError("internal", "internal error", { cause: new Error(hint, { cause }) });
      }
    },
  };
}
