import { Database } from "bun:sqlite";
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { isSqliteBusy } from "./driver-error.ts";

/** The claim of one server on its data folder. */
export interface DataDirLock {
  /** Whether the holder before this one ended without letting go: it crashed or was killed. */
  readonly wasAbandoned: boolean;
  close(): void;
}

/**
 * Takes the folder for this process, making it where it is missing. The lock is the operating
 * system's, on a SQLite file of its own that nothing else opens: it ends with the process however
 * that dies, is not inherited by children, and holds within one process too. A file beside it says
 * who holds it, for the one who is refused.
 * @throws AppError `data_dir_locked` at once, naming the holder; `invalid_config` when the folder
 * cannot be made or written.
 */
export function openDataDirLock(dir: string): DataDirLock {
  const db = openLockFile(dir);
  const holderFile = join(dir, "server.pid");
  try {
    db.run("pragma busy_timeout = 0");
    // A reserved lock that is never committed: the file stays empty.
    db.run("begin immediate");
  } catch (thrown) {
    db.close();
    if (!isSqliteBusy(thrown)) throw unwritable(dir, thrown);
    const message = `${dir} is in use by ${holderOf(holderFile)}; stop it, or use another folder`;
    throw new AppError("data_dir_locked", message, { cause: thrown });
  }
  const wasAbandoned = readHolder(holderFile) !== undefined;
  writeHolder(holderFile);
  return {
    wasAbandoned,
    close() {
      rmSync(holderFile, { force: true });
      db.run("rollback");
      db.close();
    },
  };
}

function openLockFile(dir: string): Database {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    // SQLite would only say that it cannot open the file.
    accessSync(dir, constants.W_OK | constants.X_OK);
    return new Database(join(dir, "server.lock"), { create: true });
  } catch (thrown) {
    throw unwritable(dir, thrown);
  }
}

function unwritable(dir: string, cause: unknown): AppError {
  const message =
    `MOTIONESS_DATA_DIR: ${dir} cannot be used, expected a folder that this user may write; ` +
    "give this user rights to it, or set another";
  return new AppError("invalid_config", message, { cause });
}

function writeHolder(file: string): void {
  const written = `${file}.new`;
  writeFileSync(written, `${process.pid} ${hostname()}\n`, { mode: 0o600 });
  renameSync(written, file);
}

function holderOf(file: string): string {
  const holder = readHolder(file);
  if (!holder) return "another server";
  return `the server with pid ${holder.pid} on ${holder.host}`;
}

function readHolder(file: string): { readonly pid: string; readonly host: string } | undefined {
  try {
    const [pid = "?", host = "?"] = readFileSync(file, "utf8").trim().split(" ");
    return { pid, host };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
}
