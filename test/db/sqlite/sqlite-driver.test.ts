import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Kysely, sql } from "kysely";
import { createWriterDialect } from "../../../src/db/sqlite/sqlite-driver.ts";
import { createTurns } from "../../../src/db/sqlite/turns.ts";

describe("the SQLite driver", () => {
  let db: Database;
  let kysely: Kysely<{ t: { id: number } }>;
  beforeEach(() => {
    db = new Database(":memory:", { strict: true });
    db.run("create table t (id integer primary key) strict");
    const turns = createTurns({ waitingMax: 10_000, waitMsMax: 10_000 });
    kysely = new Kysely({ dialect: createWriterDialect({ db, turns, busyMsMax: 100 }) });
  });
  afterEach(async () => {
    await kysely.destroy();
    db.close();
  });

  test("more statements than are kept prepared run all the same", async () => {
    for (let count = 0; count < 600; count++) {
      const row = await sql<{ n: number }>`select ${sql.lit(count % 300)} as n`.execute(kysely);
      expect(row.rows).toEqual([{ n: count % 300 }]);
    }
  });

  test("a long row of writes lets timers through", async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    const untilMs = performance.now() + 100;
    for (let id = 1; performance.now() < untilMs; id++) {
      await kysely.insertInto("t").values({ id }).execute();
    }
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  test("after a failure to begin, the turn is given on", async () => {
    db.run("begin");
    const failing = kysely.transaction().execute(async () => 1);
    await expect(failing).rejects.toThrow();
    db.run("rollback");
    expect(await kysely.transaction().execute(async () => 2)).toBe(2);
  });
});
