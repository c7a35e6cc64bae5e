import type { KyselyPlugin, RootOperationNode } from "kysely";
import { CompiledQuery, createQueryId } from "kysely";
import type { Store, Tx } from "../../src/db/store.ts";

/**
 * How the engine would run every query that `work` makes, one line a step. `work` runs, and is
 * committed.
 */
export async function explain(
  store: Store,
  work: (tx: Tx) => Promise<unknown>,
): Promise<readonly string[]> {
  const nodes: RootOperationNode[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node }) {
      nodes.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await store.write((tx) => work({ ...tx, query: tx.query.withPlugin(recorder) as Tx["query"] }));
  const steps: string[] = [];
  for (const node of nodes) {
    const { sql, parameters } = store.read.getExecutor().compileQuery(node, createQueryId());
    const verb = store.skipLocked ? "explain" : "explain query plan";
    const plan = await store.read.executeQuery<Record<string, unknown>>(
      CompiledQuery.raw(`${verb} ${sql}`, [...parameters]),
    );
    steps.push(...plan.rows.map((row) => String(row["detail"] ?? row["QUERY PLAN"])));
  }
  return steps;
}
