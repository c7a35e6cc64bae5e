import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { serverSecret } from "./readers.ts";

const fileName = "secret.key";

export interface ServerSecret {
  readonly secret: string;
  /** For the start-up lines. */
  readonly origin: "given" | "kept" | "generated";
}

/**
 * The server's own secret: the one given, else the one kept in the data folder, else a fresh one
 * (256 bits) that is kept there from now on, readable by its owner only. The folder must exist.
 * @throws AppError `invalid_config` when the file cannot be read or written or holds no secret.
 */
export function ensureServerSecret(config: {
  readonly dataDir: string;
  readonly secret: string | undefined;
}): ServerSecret {
  if (config.secret !== undefined) return { secret: config.secret, origin: "given" };
  const path = join(config.dataDir, fileName);
  const fresh = randomBytes(32).toString("base64url");
  try {
    // `wx`: of two processes that start at once, one writes and the other reads what it wrote.
    writeFileSync(path, `${fresh}\n`, { flag: "wx", mode: 0o600, flush: true });
    return { secret: fresh, origin: "generated" };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, cause);
  }
  return { secret: readKept(path), origin: "kept" };
}

function readKept(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw unusable(path, cause);
  }
  const secret = serverSecret.read(text);
  if (secret === undefined) {
    throw new AppError(
      "invalid_config",
      `${path}: got ${text.length} characters, expected ${serverSecret.expected}. Restore the ` +
        "file from a backup, or remove it: then stored secrets and sessions are lost.",
    );
  }
  return secret;
}

function unusable(path: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    "invalid_config",
    `${path}: expected to keep the server's secret here (${reason}). Make the folder writable ` +
      "for this user, or set MOTIONESS_SECRET.",
    { cause },
  );
}
