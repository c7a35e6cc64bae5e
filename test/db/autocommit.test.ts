import { describe, expect, test } from "bun:test";
import { createAutocommit } from "../../src/db/autocommit.ts";
import type { StorePlace } from "../contracts/store.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

describe("SQLite", () => autocommitTests("sqlite", sqlitePlace));
describe.skipIf(!server)("PostgreSQL", () => {
  if (server) autocommitTests("postgres", () => postgresPlace(server));
});

function autocommitTests(type: string, createPlace: () => Promise<StorePlace>): void {
  const row = (key: string) => ({ key, value: "{}", updated_at: 1 });

  test("statements wait for open writes, and fall into none of them", async () => {
    const store = await (await createPlace()).open(createManualClock());
    const { db, ...autocommit } = createAutocommit(store);
    expect(autocommit.type).toBe(type as typeof autocommit.type);
    let late: Promise<unknown> = Promise.resolve();
    const failing = store.write(async (tx) => {
      await tx.query.insertInto("settings").values(row("rolled back")).execute();
      late = db.insertInto("settings").values(row("kept")).returningAll().execute();
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await late).toEqual([row("kept")]);
    expect(await db.selectFrom("settings").select("key").execute()).toEqual([{ key: "kept" }]);
    const updated = await db.updateTable("settings").set({ updated_at: 2 }).executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(1n);
    await expect(db.transaction().execute(async () => {})).rejects.toThrow("use write");
    await store.close();
  });
}
