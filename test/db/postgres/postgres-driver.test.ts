import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { Kysely, sql } from "kysely";
import {
  createReaderDialect,
  createWriterDialect,
} from "../../../src/db/postgres/postgres-driver.ts";
import type { Schema } from "../../../src/db/schema.ts";
import { testPostgres } from "../../support/postgres.ts";

const server = await testPostgres();

describe.skipIf(!server)("the PostgreSQL driver", () => {
  let pool: SQL;
  beforeAll(async () => {
    pool = new SQL({ url: (await server?.createDatabase()) ?? "", max: 2, bigint: true });
  });
  afterAll(() => pool.close());

  test("int8 and counts are numbers, dates are dates, JSON text is text", async () => {
    const db = new Kysely<Schema>({ dialect: createReaderDialect(pool) });
    const { rows } = await sql`
      select 9007199254740991::bigint as large, count(*) as count, null::bigint as none,
        timestamptz '2026-11-21T00:00:00Z' as date, '{"a":1}'::text as json, true as yes
      from generate_series(1, 3)`.execute(db);
    expect(rows).toEqual([
      {
        large: Number.MAX_SAFE_INTEGER,
        count: 3,
        none: null,
        date: new Date("2026-11-21T00:00:00Z"),
        json: '{"a":1}',
        yes: true,
      },
    ]);
  });

  test("more transactions than connections take turns, and each gives its own back", async () => {
    const db = new Kysely<Schema>({ dialect: createWriterDialect(pool) });
    const pids = await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction().execute(async (query) => {
          const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(
            query,
          );
          return rows[0]?.pid;
        }),
      ),
    );
    expect(new Set(pids).size).toBeLessThanOrEqual(2);
  });
});
