import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { Log } from "../log.ts";
import type { Schema } from "./schema.ts";

/** By name, in the order of the names: `0001_schema`. */
export type Migrations = Readonly<Record<string, Migration>>;

export interface MigrateDeps {
  readonly db: Kysely<Schema>;
  readonly migrations: Migrations;
  readonly log: Log;
  /** Copies the database as it is; called before a schema that exists is changed. */
  readonly backUp?: (schema: string) => void;
}

/**
 * Brings the schema to this program's version: all that is missing in one transaction, or nothing.
 * Of several processes that start at once, one does it and the others wait.
 * @throws AppError `unusable_database` when the schema is newer than this program.
 */
export async function migrate({ db, migrations, log, backUp }: MigrateDeps): Promise<void> {
  const known = Object.keys(migrations).sort();
  const applied = await appliedMigrations(db);
  refuseNewer(applied, known);
  const pending = known.filter((name) => !applied.includes(name));
  if (pending.length === 0) return;
  const from = applied.at(-1);
  if (from !== undefined) backUp?.(from);
  const { Migrator } = await import("kysely/migration");
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => withFailpoint(migrations) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  log.info("database_migrated", { from, done: results?.map((result) => result.migrationName) });
}

/** Asks for the table before whether there is one: the latter reads the whole schema. */
async function appliedMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  try {
    return await readMigrations(db);
  } catch {
    const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
    if (!tables.some(({ name }) => name === "kysely_migration")) return [];
    // Another process may have made it meanwhile; what is wrong besides is thrown again.
    return await readMigrations(db);
  }
}

async function readMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
}

function refuseNewer(applied: readonly string[], known: readonly string[]): void {
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AppError(
    "unusable_database",
    `the database has the schema ${unknown.at(-1)}, this program knows ${known.at(-1)} at most: ` +
      "run the newer program, or restore the backup made before the upgrade",
  );
}

/** Every migration can be killed just before it commits: none may ever be seen half done. */
function withFailpoint(migrations: Migrations): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [
      name,
      {
        async up(db) {
          await migration.up(db);
          failpoint("during_migration");
        },
      } satisfies Migration,
    ]),
  );
}
