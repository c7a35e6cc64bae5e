import { afterAll } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openPostgresStore } from "../../src/db/postgres/postgres-store.ts";
import { openSqliteStore } from "../../src/db/sqlite/sqlite-store.ts";
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

/** A new, empty database on the test server, and gone with it. */
export async function emptyPostgresPlace(server: PostgresServer): Promise<StorePlace> {
  return placeAt(await server.createDatabase());
}

/** A new database that has its schema already: for tests of what stands on the store. */
export async function postgresPlace(server: PostgresServer): Promise<StorePlace> {
  const template = migrated.get(server) ?? createMigrated(server);
  migrated.set(server, template);
  return placeAt(await server.createDatabase(await template));
}

const migrated = new WeakMap<PostgresServer, Promise<string>>();

async function createMigrated(server: PostgresServer): Promise<string> {
  const url = await server.createDatabase();
  const store = await openPostgresStore({ url }, { clock: systemClock, log: silentLog });
  await store.close();
  return url;
}

function placeAt(url: string): StorePlace {
  return {
    open: (clock, options) => openPostgresStore({ url }, { clock, log: silentLog, ...options }),
  };
}
