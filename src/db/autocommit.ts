import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  type QueryResult,
  SelectQueryNode,
} from "kysely";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";

/** A database as a library takes it that brings its own queries. */
export interface Autocommit {
  readonly db: Kysely<Schema>;
  /** What the library calls the engine, for how it writes dates and booleans. */
  readonly type: "postgres" | "sqlite";
}

/**
 * Kysely for a library that knows nothing of `Store`. Each of its statements stands alone: what
 * selects goes to the side that reads, anything else is a write that waits for its turn like every
 * other, so that it can neither find the file busy nor fall into somebody's transaction.
 */
export function createAutocommit(store: Pick<Store, "read" | "write">): Autocommit {
  const executor = store.read.getExecutor();
  const connection: DatabaseConnection = {
    executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (SelectQueryNode.is(query.query))
        return store.read.executeQuery(query as CompiledQuery<R>);
      return store.write((tx) => tx.query.executeQuery(query as CompiledQuery<R>));
    },
    // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams.
    async *streamQuery() {
      throw new Error("this connection does not stream");
    },
  };
  const refuse = async () => {
    throw new Error("statements cannot be grouped here: use write");
  };
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => executor.adapter,
      createQueryCompiler: () => ({
        compileQuery: (node, queryId) => executor.compileQuery(node, queryId),
      }),
      createIntrospector: () => store.read.introspection,
      createDriver: () => ({
        init: async () => {},
        acquireConnection: async () => connection,
        releaseConnection: async () => {},
        beginTransaction: refuse,
        commitTransaction: refuse,
        rollbackTransaction: refuse,
        destroy: async () => {},
      }),
    },
  });
  return { db, type: executor.adapter instanceof PostgresAdapter ? "postgres" : "sqlite" };
}
