import { describe, expect, test } from "bun:test";
import { systemClock } from "../../../src/clock.ts";
import type { Tx } from "../../../src/db/store.ts";
import { storeContract } from "../../contracts/store.ts";
import { testPostgres } from "../../support/postgres.ts";
import { emptyPostgresPlace } from "../../support/stores.ts";

const server = await testPostgres();

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) storeContract("PostgreSQL", () => emptyPostgresPlace(server));

  test("of two that wait for each other, the one that is rolled back is run again", async () => {
    if (!server) return;
    const store = await (await emptyPostgresPlace(server)).open(systemClock);
    try {
      const put = (tx: Tx, key: string, value: string) =>
        tx.query
          .insertInto("settings")
          .values({ key, value, updated_at: 0 })
          .onConflict((oc) => oc.column("key").doUpdateSet({ value }))
          .execute();
      await store.write((tx) => Promise.all([put(tx, "a", "0"), put(tx, "b", "0")]));
      const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
      let runs = 0;
      const swap = async (mine: 0 | 1, keys: readonly [string, string]) =>
        store.write(async (tx) => {
          runs += 1;
          await put(tx, keys[0], String(mine));
          held[mine].resolve();
          await held[1 - mine]?.promise;
          await put(tx, keys[1], String(mine));
        });
      await Promise.all([swap(0, ["a", "b"]), swap(1, ["b", "a"])]);
      expect(runs).toBeGreaterThan(2);
      const rows = await store.read.selectFrom("settings").select("value").distinct().execute();
      expect(rows).toHaveLength(1);
    } finally {
      await store.close();
    }
  });
});
