import { Database } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Kysely, sql } from "kysely";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { toStoreError } from "../driver-error.ts";
import { type Migrations, migrate } from "../migrate.ts";
import type { ColumnTypes } from "../migrations/column-types.ts";
import { migrationsFor } from "../migrations.ts";
import { once } from "../once.ts";
import type { Schema } from "../schema.ts";
import type { Store, Topic } from "../store.ts";
import { createTopics, type Topics } from "../topics.ts";
import { checkWrite } from "../write-check.ts";
import { type Checkpoints, openCheckpoints } from "./checkpoints.ts";
import { createReaderDialect, createWriterDialect } from "./sqlite-driver.ts";
import { createTurns, type Turns } from "./turns.ts";

export interface SqliteConfig {
  readonly path: string;
  /** How long a file that another process has locked is tried before a write is refused. */
  readonly busyMsMax?: number;
}

export interface SqliteDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the server before this one died: then its write-ahead log must be there. */
  readonly wasAbandoned?: boolean;
  readonly migrations?: Migrations;
}

/** Dates are ISO text and booleans 0 and 1, under names the accounts library knows them by. */
export const sqliteTypes: ColumnTypes = {
  integer: "integer",
  real: "real",
  date: "date",
  boolean: "integer",
  strict: " strict",
};

/** SQLite sleeps this long inside the event loop when a file is busy; longer waits are ours. */
const busyTimeoutMs = 10;
const turnsLimits = { waitingMax: 10_000, waitMsMax: 30_000 };

/**
 * Opens a SQLite file as the store: write-ahead log, every commit on disk before it returns, one
 * writer at a time, readers beside it.
 * @throws AppError `unusable_database` for a damaged file or one of a newer program: it is never
 * made anew over what is there.
 */
export async function openSqliteStore(config: SqliteConfig, deps: SqliteDeps): Promise<Store> {
  const db = openFile(config.path, deps);
  const turns = createTurns(turnsLimits);
  const busyMsMax = config.busyMsMax ?? 5000;
  const writer = new Kysely<Schema>({ dialect: createWriterDialect({ db, turns, busyMsMax }) });
  try {
    await migrate({
      db: writer,
      migrations: deps.migrations ?? migrationsFor(sqliteTypes),
      log: deps.log,
      backUp: (schema) => backUp(db, config.path, schema, deps),
    });
    const readDb = new Database(config.path, { readonly: true });
    readDb.run(`pragma busy_timeout = ${busyTimeoutMs}`);
    const reader = new Kysely<Schema>({ dialect: createReaderDialect(readDb, busyMsMax) });
    return createStore({ ...deps, path: config.path, db, readDb, writer, reader, turns });
  } catch (thrown) {
    await writer.destroy();
    db.close();
    throw toStoreError(thrown);
  }
}

interface Parts extends SqliteDeps {
  readonly path: string;
  readonly db: Database;
  readonly readDb: Database;
  readonly writer: Kysely<Schema>;
  readonly reader: Kysely<Schema>;
  readonly turns: Turns;
}

function createStore(parts: Parts): Store {
  const { clock, log, db, writer, reader } = parts;
  const topics = createTopics({ log });
  const checkpoints = openCheckpoints({
    path: parts.path,
    clock,
    log,
    onUnavailable: () => db.run("pragma wal_autocheckpoint = 1000"),
  });
  const now = () => sql<number>`${clock.now()}`;
  const store: Store = {
    read: reader,
    get now() {
      return now();
    },
    skipLocked: false,
    isShared: false,
    async write(work) {
      const woken = new Set<Topic>();
      const result = await writer
        .transaction()
        .execute((query) => work({ query, now: now(), wake: (topic) => woken.add(topic) }));
      checkpoints.noteCommit();
      for (const topic of woken) topics.emit(topic);
      return result;
    },
    subscribe: topics.subscribe,
    check: () => checkWrite(store),
    close: once(() => closeAll(parts, topics, checkpoints)),
  };
  return store;
}

async function closeAll(parts: Parts, topics: Topics, checkpoints: Checkpoints): Promise<void> {
  try {
    await parts.turns.close();
  } finally {
    // A write that does not end must not keep the files open.
    await checkpoints.close();
    await parts.reader.destroy();
    parts.readDb.close();
    await parts.writer.destroy();
    // The last connection moves what is left of the log into the file, and removes it.
    parts.db.close();
    topics.close();
  }
}

function openFile(path: string, deps: SqliteDeps): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (deps.wasAbandoned && bytes > 0 && !existsSync(`${path}-wal`)) {
    deps.log.warn("database_log_missing", {
      path,
      hint: "the last server was killed and its -wal file is gone: this is an older state",
    });
  }
  let db: Database | undefined;
  try {
    db = new Database(path, { create: true, readwrite: true });
    if (bytes === 0) chmodSync(path, 0o600);
    db.run(`pragma busy_timeout = ${busyTimeoutMs}`);
    db.run("pragma journal_mode = wal");
    db.run("pragma synchronous = full");
    db.run("pragma foreign_keys = on");
    db.run("pragma wal_autocheckpoint = 0");
    db.run("pragma journal_size_limit = 67108864");
    refuseDamaged(db, path);
  } catch (thrown) {
    db?.close();
    throw namePath(toStoreError(thrown), path);
  }
  deps.log.info("database_opened", { path, bytes });
  return db;
}

function refuseDamaged(db: Database, path: string): void {
  const [first] = db.query<{ quick_check: string }, []>("pragma quick_check(1)").all();
  if (first?.quick_check === "ok") return;
  throw new AppError("unusable_database", damaged(path), { cause: first?.quick_check });
}

function namePath(error: unknown, path: string): unknown {
  if (!(error instanceof AppError) || error.code !== "unusable_database") return error;
  return new AppError("unusable_database", damaged(path), { cause: error.cause });
}

function damaged(path: string): string {
  return `${path} is damaged or no SQLite file; it is left as it is: restore a backup of it`;
}

/** A copy that a failed or unwanted upgrade can be undone with. */
function backUp(db: Database, path: string, schema: string, deps: SqliteDeps): void {
  const folder = join(dirname(path), "backups");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = new Date(deps.clock.now()).toISOString().replaceAll(/[:.]/g, "-");
  const copy = join(folder, `${basename(path, ".db")}-${schema}-${time}.db`);
  db.run("vacuum into ?", [copy]);
  chmodSync(copy, 0o600);
  deps.log.info("database_backed_up", { copy });
}
