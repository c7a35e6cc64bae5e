import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { type Migrations, migrate } from "../../src/db/migrate.ts";
import { migrationsFor } from "../../src/db/migrations.ts";
import type { Schema } from "../../src/db/schema.ts";
import { openSqliteStore, sqliteTypes } from "../../src/db/sqlite/sqlite-store.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createRecordingLog } from "../support/recording-log.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

const released = migrationsFor(sqliteTypes);
const newest = Object.keys(released).at(-1);
const upgraded: Migrations = {
  ...released,
  "9999_more": {
    async up(db) {
      await sql`alter table settings add column note text`.execute(db);
    },
  },
};

describe("an upgrade of a SQLite file", () => {
  let folder: TemporaryDirectory;
  let path: string;
  beforeEach(async () => {
    folder = await openTemporaryDirectory();
    path = join(folder.path, "motioness.db");
  });
  afterEach(() => folder.close());

  const open = (migrations: Migrations) =>
    openSqliteStore(
      { path },
      { clock: createManualClock(Date.UTC(2026, 10, 21)), log: createRecordingLog(), migrations },
    );

  test("keeps the rows, and leaves a copy of what was before", async () => {
    const before = await open(released);
    await before.check();
    await before.close();
    const after = await open(upgraded);
    const { rows } = await sql`select key, note from settings`.execute(after.read);
    expect(rows).toEqual([{ key: "write_check", note: null }]);
    await after.close();

    const copies = readdirSync(join(folder.path, "backups"));
    expect(copies).toEqual([`motioness-${newest}-2026-11-21T00-00-00-000Z.db`]);
    const copy = new Database(join(folder.path, "backups", copies[0] ?? ""), { readonly: true });
    expect(copy.query("select * from settings").all()).toEqual([
      { key: "write_check", value: "{}", updated_at: Date.UTC(2026, 10, 21) },
    ]);
    copy.close();
  });

  test("is made once; a first start and a start without changes copy nothing", async () => {
    for (const migrations of [released, released]) await (await open(migrations)).close();
    expect(readdirSync(folder.path)).not.toContain("backups");
  });

  test("cannot be taken back by an older program [D10]", async () => {
    await (await open(upgraded)).close();
    await expect(open(released)).rejects.toMatchObject({
      code: "unusable_database",
      message: expect.stringMatching(new RegExp(`9999_more.*${newest}.*newer program.*backup`)),
    });
  });

  test("that another process made just now, while this one looked, is taken as made", async () => {
    const store = await open({});
    const db = whenAskedForTables(store.read, async () => (await open(released)).close());
    const log = createRecordingLog();
    await migrate({ db, migrations: released, log });
    expect(log.lines).toEqual([]);
    await store.close();
  });
});

/** A database in which something happens when it is asked which tables there are. */
function whenAskedForTables(db: Kysely<Schema>, happen: () => Promise<void>): Kysely<Schema> {
  const { introspection } = db;
  const getTables: typeof introspection.getTables = async (options) => {
    await happen();
    return introspection.getTables(options);
  };
  return new Proxy(db, {
    get(target, name) {
      if (name === "introspection") return { getTables };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
