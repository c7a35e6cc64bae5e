import {
  openPostgresStore,
  type PostgresConfig,
  type PostgresDeps,
} from "./postgres/postgres-store.ts";
import { openSqliteStore, type SqliteConfig, type SqliteDeps } from "./sqlite/sqlite-store.ts";
import type { Store } from "./store.ts";

export type DatabaseConfig =
  | ({ readonly kind: "sqlite" } & SqliteConfig)
  | ({ readonly kind: "postgres" } & PostgresConfig);

export type StoreDeps = Pick<SqliteDeps & PostgresDeps, "clock" | "log" | "wasAbandoned">;

/**
 * Opens the database that the configuration names, its schema brought up to date.
 * @throws AppError `unusable_database` when it is damaged or newer than this program,
 * `unavailable` when it cannot be reached.
 */
export function openStore(config: DatabaseConfig, deps: StoreDeps): Promise<Store> {
  switch (config.kind) {
    case "sqlite":
      return openSqliteStore(config, deps);
    case "postgres":
      return openPostgresStore(config, deps);
  }
}
