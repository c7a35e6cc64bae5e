import type { Database, SQLQueryBindings, Statement } from "bun:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { AppError } from "../../errors.ts";
import { doomedMessage, isSqliteBusy, toStoreError } from "../driver-error.ts";
import { createTimeSlice } from "./time-slice.ts";
import type { Turns } from "./turns.ts";

/** Prepared statements kept by each connection. */
const statementsMax = 250;
/** Pauses between two tries at a file that another process has locked. */
const busyPausesMs = [5, 10, 20, 40, 80] as const;

/** Writes in a row keep the event loop no longer than this, and the length of one. */
const sliceMs = 8;

export interface WriterOptions {
  readonly db: Database;
  readonly turns: Turns;
  /** How long a locked file is tried, counted from when the write was asked for. */
  readonly busyMsMax: number;
}

/**
 * Kysely over one `bun:sqlite` connection that writes. Each acquired connection is a turn: Kysely
 * holds it for the length of a transaction, so no other write can slip into one that is open.
 */
export function createWriterDialect({ db, turns, busyMsMax }: WriterOptions): Dialect {
  const statements = createStatements(db);
  const slice = createTimeSlice(sliceMs);
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const doomed = new WeakSet<DatabaseConnection>();
  return createDialect({
    async acquireConnection() {
      const deadlineMs = performance.now() + busyMsMax;
      const release = await turns.take();
      await slice.rest();
      const connection = createConnection(statements, deadlineMs, () => doomed.add(connection));
      releases.set(connection, release);
      return connection;
    },
    async releaseConnection(connection) {
      releases.get(connection)?.();
    },
    beginTransaction: (connection) => execute(connection, "begin immediate"),
    async commitTransaction(connection) {
      // SQLite would keep what the other statements did; Postgres does not, so neither do we.
      if (doomed.has(connection)) throw new Error(doomedMessage);
      await execute(connection, "commit");
    },
    async rollbackTransaction(connection) {
      // A full disk makes SQLite roll back by itself.
      if (db.inTransaction) await execute(connection, "rollback");
    },
    destroy: async () => statements.finalize(),
  });
}

/** Kysely over a read-only connection. Each query stands alone and sees what is committed. */
export function createReaderDialect(db: Database, busyMsMax: number): Dialect {
  const statements = createStatements(db);
  const refuse = async () => {
    throw new Error("the read side has no transactions: use write");
  };
  return createDialect({
    acquireConnection: async () => createConnection(statements, performance.now() + busyMsMax),
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => statements.finalize(),
  });
}

/** The store opens and closes the files; the driver lets go of its statements. */
function createDialect(driver: Omit<Driver, "init">): Dialect {
  // One `db` may serve many readers at once, and turns are ours; DDL does roll back in SQLite.
  const adapter = Object.defineProperties(new SqliteAdapter(), {
    supportsMultipleConnections: { value: true },
    supportsTransactionalDdl: { value: true },
  });
  return {
    createAdapter: () => adapter,
    createDriver: () => ({ ...driver, init: async () => {} }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

interface Statements {
  run<R>(query: CompiledQuery): QueryResult<R>;
  finalize(): void;
}

function createConnection(
  statements: Statements,
  deadlineMs: number,
  onFailure: () => void = () => {},
): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      for (let tries = 0; ; tries++) {
        try {
          return statements.run<R>(query);
        } catch (thrown) {
          if (!isSqliteBusy(thrown)) {
            onFailure();
            throw toStoreError(thrown);
          }
          const pauseMs = busyPausesMs[Math.min(tries, busyPausesMs.length - 1)] ?? 0;
          if (performance.now() + pauseMs > deadlineMs) throw busyError(thrown);
          // SQLite's own busy handler would sleep inside the event loop; this lets others go on.
          await Bun.sleep(pauseMs);
        }
      }
    },
    // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams.
    async *streamQuery() {
      throw new Error("this driver does not stream");
    },
  };
}

function busyError(cause: unknown): AppError {
  const message = "the database is locked by another process, try again";
  return new AppError("unavailable", message, { cause, retryAfterMs: 5000 });
}

function createStatements(db: Database): Statements {
  const prepared = new Map<string, Statement>();
  const prepare = (text: string) => {
    const statement = prepared.get(text) ?? db.prepare(text);
    // The least recently used stands first.
    prepared.delete(text);
    prepared.set(text, statement);
    const [oldest] = prepared.keys();
    if (prepared.size > statementsMax && oldest !== undefined) {
      prepared.get(oldest)?.finalize();
      prepared.delete(oldest);
    }
    return statement;
  };
  return {
    run<R>(query: CompiledQuery): QueryResult<R> {
      const statement = prepare(query.sql);
      const parameters = query.parameters as SQLQueryBindings[];
      if (statement.columnNames.length > 0) return { rows: statement.all(...parameters) as R[] };
      const { changes } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    },
    finalize() {
      for (const statement of prepared.values()) statement.finalize();
      prepared.clear();
    },
  };
}

async function execute(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text));
}
