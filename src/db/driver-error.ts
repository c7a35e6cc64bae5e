import { AppError } from "../errors.ts";

/** How long a caller who met a full or busy database is asked to stay away. */
const retryAfterMs = 5000;

/** SQLite's result codes (sqlite.org/rescode.html) that something outside this program can cure. */
const sqliteOutages = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)(_|$)/;
const sqliteDamage = /^SQLITE_(CORRUPT|NOTADB|FORMAT)(_|$)/;

/**
 * The SQLSTATE classes (PostgreSQL manual, appendix A) that pass by themselves or with an
 * operator's help: connection, resources, intervention, system, rolled back, read-only, lock and
 * statement timeouts.
 */
const postgresOutages = /^(08|53|57|58|40)...$|^(25006|55P03|25P03)$/;

/** Why a transaction that asked to commit was rolled back, on either engine. */
export const doomedMessage = "a statement of this transaction failed, so nothing was committed";

/**
 * What an engine threw, as the rest of the program should see it: an outage becomes `unavailable`
 * and damage `unusable_database`; anything else (a broken constraint, a wrong query) is a fault of
 * this program and stays what it is.
 */
export function toStoreError(thrown: unknown): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
  const code = thrown.name === "TimeoutError" ? "08000" : engineCode(thrown);
  if (sqliteDamage.test(code)) {
    return new AppError("unusable_database", `the database is damaged (${code})`, {
      cause: thrown,
    });
  }
  if (isOutage(code)) {
    const message = "the database cannot do this now, try again";
    return new AppError("unavailable", message, { cause: thrown, retryAfterMs });
  }
  return thrown;
}

/** Whether SQLite refused because another connection holds what was needed. */
export function isSqliteBusy(thrown: unknown): boolean {
  return thrown instanceof Error && /^SQLITE_BUSY(_|$)/.test(engineCode(thrown));
}

/** Whether Postgres was not there to be asked: nothing of the query has run. */
export function isConnectionLost(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = engineCode(thrown);
  return code.startsWith("ERR_POSTGRES_CONNECTION") || /^(08...|57P0[123]|53300)$/.test(code);
}

/**
 * Whether Postgres ended a transaction so that others could go on: a deadlock, or a conflict of
 * serialisation. All of it was rolled back, so that it can be begun anew.
 */
export function isTransactionVictim(thrown: unknown): boolean {
  return thrown instanceof Error && /^40(P01|001)$/.test(engineCode(thrown));
}

function isOutage(code: string): boolean {
  if (code.startsWith("ERR_POSTGRES_")) return /CONNECTION|TIMEOUT|LIFETIME/.test(code);
  return sqliteOutages.test(code) || postgresOutages.test(code);
}

/**
 * SQLite's name of the result; Postgres's SQLSTATE, or the client's own name when there is none.
 */
function engineCode(thrown: Error): string {
  const { code, errno } = thrown as { readonly code?: unknown; readonly errno?: unknown };
  if (code === "ERR_POSTGRES_SERVER_ERROR" && typeof errno === "string") return errno;
  return typeof code === "string" ? code : "";
}
