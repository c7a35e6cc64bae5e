import { describe, expect, test } from "bun:test";
import { isConnectionLost, isSqliteBusy, toStoreError } from "../../src/db/driver-error.ts";
import { AppError } from "../../src/errors.ts";

const sqlite = (code: string) => Object.assign(new Error("engine's own words"), { code });
const postgres = (errno: string) =>
  Object.assign(new Error("engine's own words"), { code: "ERR_POSTGRES_SERVER_ERROR", errno });

describe("what an engine throws", () => {
  const outages = [
    ...["FULL", "BUSY", "BUSY_SNAPSHOT", "IOERR_WRITE", "READONLY", "CANTOPEN"].map((name) =>
      sqlite(`SQLITE_${name}`),
    ),
    ...["08006", "53100", "53300", "57P01", "57014", "58030", "25006", "40P01", "55P03"].map(
      postgres,
    ),
    sqlite("ERR_POSTGRES_CONNECTION_REFUSED"),
    sqlite("ERR_POSTGRES_CONNECTION_CLOSED"),
    sqlite("ERR_POSTGRES_CONNECTION_TIMEOUT"),
    new DOMException("The operation timed out.", "TimeoutError"),
  ];
  for (const thrown of outages) {
    const { code, errno } = thrown as { code?: unknown; errno?: unknown };
    test(`${errno ?? code ?? thrown.name} is an outage, told without the engine's words`, () => {
      const error = toStoreError(thrown);
      expect(error).toMatchObject({ code: "unavailable", retry: true, retryAfterMs: 5000 });
      expect((error as AppError).message).not.toContain("engine's own words");
      expect((error as AppError).cause).toBe(thrown);
    });
  }

  for (const name of ["SQLITE_CORRUPT", "SQLITE_CORRUPT_INDEX", "SQLITE_NOTADB"]) {
    test(`${name} is damage`, () => {
      expect(toStoreError(sqlite(name))).toMatchObject({ code: "unusable_database" });
    });
  }

  const faults = [
    sqlite("SQLITE_CONSTRAINT_UNIQUE"),
    sqlite("SQLITE_MISMATCH"),
    postgres("23505"),
    postgres("42P01"),
    new TypeError("no engine at all"),
    new AppError("limit_reached", "monthly limit reached"),
    "not even an error",
  ];
  for (const thrown of faults) {
    test(`${String((thrown as { code?: unknown }).code ?? thrown)} stays what it is`, () => {
      expect(toStoreError(thrown)).toBe(thrown);
    });
  }

  test("busy and lost are told apart from the rest", () => {
    expect(isSqliteBusy(sqlite("SQLITE_BUSY"))).toBe(true);
    expect(isSqliteBusy(sqlite("SQLITE_FULL"))).toBe(false);
    expect(["57P01", "08006", "53300"].map(postgres).every(isConnectionLost)).toBe(true);
    expect(isConnectionLost(postgres("40P01"))).toBe(false);
    expect(isConnectionLost("08006")).toBe(false);
  });
});
