import { describe, expect, test } from "bun:test";
import type { Store } from "../../../src/db/store.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { testPostgres } from "../../support/postgres.ts";
import { filesOf } from "../../support/source-tree.ts";
import { emptyPostgresPlace, sqlitePlace } from "../../support/stores.ts";

const server = await testPostgres();

/** `table.column` of the tables' types, with `?` where null is allowed. */
function declaredColumns(): readonly string[] {
  const text = filesOf("src/db/{schema,*-table,*-tables}.ts")
    .map((file) => file.text)
    .join("\n");
  const tables = new Map(
    [...text.matchAll(/^ {2}(\w+): (\w+Table);$/gm)].map(([, table, type]) => [type, table]),
  );
  return [...text.matchAll(/^export interface (\w+Table) \{\n([\s\S]*?)^\}/gm)]
    .flatMap(([, type, body = ""]) =>
      [...body.matchAll(/^ {2}(\w+): ([^;]+);$/gm)].map(([, column, columnType = ""]) => {
        const isNullable = columnType.includes("null");
        // The accounts library's dates may be missing where it says so; their type cannot tell.
        const isUnknown = columnType === "unknown";
        return `${tables.get(type)}.${column}${isUnknown ? "*" : isNullable ? "?" : ""}`;
      }),
    )
    .toSorted();
}

async function createdColumns(store: Store): Promise<readonly string[]> {
  const unknown = new Set(declaredColumns().filter((column) => column.endsWith("*")));
  const tables = await store.read.introspection.getTables();
  return tables
    .flatMap(({ name, columns }) =>
      columns.map((column) => {
        const path = `${name}.${column.name}`;
        if (unknown.has(`${path}*`)) return `${path}*`;
        return `${path}${column.isNullable ? "?" : ""}`;
      }),
    )
    .toSorted();
}

describe("the first schema", () => {
  test("on SQLite has the tables and columns that the types declare", async () => {
    const store = await (await sqlitePlace()).open(createManualClock());
    // A text primary key is never null where tables are strict; SQLite's own report says it may.
    const created = (await createdColumns(store)).map((column) =>
      column.replace(/\.(id|key)\?$/, ".$1"),
    );
    expect(created).toEqual([...declaredColumns()]);
    await store.close();
  });

  test.skipIf(!server)("on PostgreSQL, too", async () => {
    if (!server) return;
    const store = await (await emptyPostgresPlace(server)).open(createManualClock());
    expect(await createdColumns(store)).toEqual([...declaredColumns()]);
    await store.close();
  });
});
