import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { openPostgresStore } from "../../../src/db/postgres/postgres-store.ts";
import type { Store, Topic } from "../../../src/db/store.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { testPostgres } from "../../support/postgres.ts";
import { silentLog } from "../../support/silent-log.ts";
import { until } from "../../support/until.ts";

const server = await testPostgres();

describe.skipIf(!server)("wake-ups between processes on PostgreSQL", () => {
  let url: string;
  let here: Store;
  let there: Store;
  const heardThere: (Topic | undefined)[] = [];

  beforeEach(async () => {
    url = (await server?.createDatabase()) ?? "";
    const deps = { clock: createManualClock(), log: silentLog };
    here = await openPostgresStore({ url }, deps);
    there = await openPostgresStore({ url }, deps);
    heardThere.length = 0;
    there.subscribe((topic) => heardThere.push(topic));
  });
  afterEach(async () => {
    await here.close();
    await there.close();
  });

  test("what one commits the other hears, once, and each hears its own once", async () => {
    const heardHere: (Topic | undefined)[] = [];
    here.subscribe((topic) => heardHere.push(topic));
    await here.write(async (tx) => {
      tx.wake("asset:1");
      tx.wake("jobs");
    });
    await until(() => heardThere.length === 2);
    await there.write(async (tx) => tx.wake("project:2"));
    await until(() => heardHere.length === 3);
    expect(heardThere).toEqual(["asset:1", "jobs", "project:2"]);
    expect(heardHere).toEqual(["asset:1", "jobs", "project:2"]);
  });

  test("what is rolled back nobody hears", async () => {
    const failing = here.write(async (tx) => {
      tx.wake("jobs");
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow();
    await here.write(async (tx) => tx.wake("asset:1"));
    await until(() => heardThere.length > 0);
    expect(heardThere).toEqual(["asset:1"]);
  });

  test("more topics than a notification can carry wake everything", async () => {
    await here.write(async (tx) => {
      for (let count = 0; count < 500; count++) tx.wake(`asset:${"0".repeat(16)}${count}`);
    });
    await until(() => heardThere.length > 0);
    expect(heardThere).toEqual([undefined]);
  });

  test("a broken LISTEN is restored, and everything is to be read again [X03]", async () => {
    await using admin = new SQL({ url, max: 1 });
    const listening = "query like 'LISTEN%' and datname = current_database()";
    await admin.unsafe(`select pg_terminate_backend(pid) from pg_stat_activity where ${listening}`);
    await here.write(async (tx) => tx.wake("asset:missed"));
    await until(() => heardThere.includes(undefined));
    await here.write(async (tx) => tx.wake("asset:heard"));
    await until(() => heardThere.includes("asset:heard"));
  });

  test("a write whose idle connection was cut off is made on another", async () => {
    await using admin = new SQL({ url, max: 1 });
    await here.check();
    await admin.unsafe(
      "select pg_terminate_backend(pid) from pg_stat_activity where " +
        "application_name = 'motioness' and datname = current_database()",
    );
    await here.check();
    const rows = await here.read.selectFrom("settings").select("key").execute();
    expect(rows).toEqual([{ key: "write_check" }]);
  });
});

describe.skipIf(!server)("a PostgreSQL that cannot be reached", () => {
  test("is unavailable, and said so at the start", async () => {
    const opening = openPostgresStore(
      { url: "postgres://postgres@127.0.0.1:1/none" },
      { clock: createManualClock(), log: silentLog },
    );
    await expect(opening).rejects.toMatchObject({ code: "unavailable" });
  });
});
