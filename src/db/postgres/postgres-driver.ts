import type { ReservedSQL, SQL } from "bun";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import { doomedMessage, isConnectionLost, toStoreError } from "../driver-error.ts";

/** How long a query waits for a free connection. */
const acquireMsMax = 30_000;
/** A read whose idle connection the server had closed is asked again. */
const readTriesMax = 3;

/** What `unsafe` answers: rows that are an array, with the command's count on it. */
type Answer = readonly Record<string, unknown>[] & {
  readonly count?: number | null;
  readonly command?: string;
};
type Ask = (text: string, parameters: readonly unknown[]) => Promise<Answer>;

/** Kysely over a `Bun.SQL` pool: a transaction keeps one connection of it. */
export function createWriterDialect(pool: SQL): Dialect {
  const reserved = new WeakMap<DatabaseConnection, ReservedSQL>();
  return createDialect({
    async acquireConnection() {
      const signal = AbortSignal.timeout(acquireMsMax);
      const client = await pool.reserve({ signal }).catch(rethrow);
      const connection = createConnection(
        (text, parameters) => client.unsafe(text, [...parameters]) as Promise<Answer>,
      );
      reserved.set(connection, client);
      return connection;
    },
    async releaseConnection(connection) {
      reserved.get(connection)?.release();
    },
    beginTransaction: (connection) => execute(connection, "begin"),
    async commitTransaction(connection) {
      const client = reserved.get(connection);
      const answer = (await client?.unsafe("commit").catch(rethrow)) as Answer | undefined;
      // After a failed statement that somebody caught, the server answers `commit` by rolling back.
      if (answer?.command !== "COMMIT") throw new Error(doomedMessage);
    },
    rollbackTransaction: (connection) => execute(connection, "rollback"),
  });
}

/** Kysely over a pool whose connections only read. Each query stands alone. */
export function createReaderDialect(pool: SQL): Dialect {
  const connection = createConnection(async (text, parameters) => {
    for (let tries = 1; ; tries++) {
      try {
        return (await pool.unsafe(text, [...parameters])) as Answer;
      } catch (thrown) {
        if (tries === readTriesMax || !isConnectionLost(thrown)) throw thrown;
      }
    }
  });
  const refuse = async () => {
    throw new Error("the read side has no transactions: use write");
  };
  return createDialect({
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
  });
}

/** The store opens and closes the pools. */
function createDialect(driver: Omit<Driver, "init" | "destroy">): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => ({ ...driver, init: async () => {}, destroy: async () => {} }),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function createConnection(ask: Ask): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      try {
        const answer = await ask(query.sql, query.parameters);
        const rows = answer.map(withNumbers) as R[];
        return { rows, numAffectedRows: BigInt(answer.count ?? 0) };
      } catch (thrown) {
        throw toStoreError(thrown);
      }
    },
    // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams.
    async *streamQuery() {
      throw new Error("this driver does not stream");
    },
  };
}

/** The client reads int8 as BigInt; every one of ours is below 2⁵³ and is used as a number. */
function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "bigint") row[name] = Number(value);
  }
  return row;
}

function rethrow(thrown: unknown): never {
  throw toStoreError(thrown);
}

async function execute(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text));
}
