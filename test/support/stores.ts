import { afterAll } from "bun:test";
import { join } from "node:path";
import { openPostgresStore } from "../../src/db/postgres-store.ts";
import { openSqliteStore } from "../../src/db/sqlite-store.ts";
import type { StorePlace } from "../contracts/store.ts";
import type { PostgresServer } from "./postgres.ts";
import { silentLog } from "./silent-log.ts";
import { openTemporaryDirectory } from "./temporary-directory.ts";

/** A new SQLite file, in a folder that goes when the test file is done. */
export async function sqlitePlace(): Promise<StorePlace> {
  const folder = await openTemporaryDirectory();
  afterAll(folder.close);
  const path = join(folder.path, "motioness.db");
  return {
    open: (clock, options) => openSqliteStore({ path }, { clock, log: silentLog, ...options }),
  };
}

/** A new database on the test server. */
export async function postgresPlace(server: PostgresServer): Promise<StorePlace> {
  const url = await server.createDatabase();
  return {
    open: (clock, options) => openPostgresStore({ url }, { clock, log: silentLog, ...options }),
  };
}
