import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import type { Clock } from "../../src/clock.ts";
import type { Migrations } from "../../src/db/migrate.ts";
import { migrationsFor } from "../../src/db/migrations.ts";
import { sqliteTypes } from "../../src/db/sqlite/sqlite-store.ts";
import type { Store, Topic } from "../../src/db/store.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { addAsset, addProject } from "../support/rows.ts";

/** One empty database, which may be opened several times as several processes would. */
export interface StorePlace {
  open(clock: Clock, options?: { readonly migrations?: Migrations }): Promise<Store>;
}

/** What every store promises, whatever its engine. */
export function storeContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`${name} store`, () => {
    let place: StorePlace;
    let clock: ManualClock;
    let store: Store;

    beforeEach(async () => {
      clock = createManualClock();
      place = await createPlace();
      store = await place.open(clock);
    });
    afterEach(() => store.close());

    const put = (key: string, value = "{}") =>
      store.write((tx) =>
        tx.query.insertInto("settings").values({ key, value, updated_at: tx.now }).execute(),
      );
    const keys = async () => {
      const rows = await store.read.selectFrom("settings").select("key").orderBy("key").execute();
      return rows.map(({ key }) => key);
    };

    test("what was written is read", async () => {
      await put("a");
      expect(await keys()).toEqual(["a"]);
    });

    test("a transaction that throws leaves nothing and passes on what was thrown", async () => {
      const fault = new Error("on purpose");
      const failing = store.write(async (tx) => {
        await tx.query
          .insertInto("settings")
          .values({ key: "a", value: "{}", updated_at: 0 })
          .execute();
        throw fault;
      });
      await expect(failing).rejects.toBe(fault);
      expect(await keys()).toEqual([]);
    });

    test("a rollback takes nothing of a concurrent writer with it", async () => {
      const failing = store.write(async (tx) => {
        await tx.query
          .insertInto("settings")
          .values({ key: "lost", value: "{}", updated_at: 0 })
          .execute();
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error("on purpose");
      });
      const others = Promise.all(["a", "b", "c"].map((key) => put(key)));
      await expect(failing).rejects.toThrow("on purpose");
      await others;
      expect(await keys()).toEqual(["a", "b", "c"]);
    });

    test("readers see only what is committed, while a write is open", async () => {
      await store.write(async (tx) => {
        await tx.query
          .insertInto("settings")
          .values({ key: "a", value: "{}", updated_at: 0 })
          .execute();
        expect(await keys()).toEqual([]);
      });
      expect(await keys()).toEqual(["a"]);
    });

    test("a transaction in which a statement failed commits nothing, if caught too", async () => {
      await put("taken");
      const careless = store.write(async (tx) => {
        const insert = (key: string) =>
          tx.query.insertInto("settings").values({ key, value: "{}", updated_at: 0 }).execute();
        await insert("new");
        await insert("taken").catch(() => {});
      });
      await expect(careless).rejects.toThrow("nothing was committed");
      expect(await keys()).toEqual(["taken"]);
    });

    test("a wake-up is heard once, after the commit, when its data can be read", async () => {
      const heard: (Topic | undefined)[] = [];
      const read = Promise.withResolvers<string[]>();
      store.subscribe((topic) => {
        heard.push(topic);
        if (topic === "asset:1") void keys().then(read.resolve);
      });
      await store.write(async (tx) => {
        tx.wake("asset:1");
        tx.wake("asset:1");
        tx.wake("jobs");
        await tx.query
          .insertInto("settings")
          .values({ key: "a", value: "{}", updated_at: 0 })
          .execute();
        expect(heard).toEqual([]);
      });
      expect(heard).toEqual(["asset:1", "jobs"]);
      expect(await read.promise).toEqual(["a"]);
    });

    test("a rollback wakes nobody, nor does a subscription that was ended", async () => {
      const heard: (Topic | undefined)[] = [];
      const unsubscribe = store.subscribe((topic) => heard.push(topic));
      const failing = store.write(async (tx) => {
        tx.wake("jobs");
        throw new Error("on purpose");
      });
      await expect(failing).rejects.toThrow();
      unsubscribe();
      await store.write(async (tx) => tx.wake("jobs"));
      expect(heard).toEqual([]);
    });

    test("a listener that throws harms neither the writer nor the next listener", async () => {
      let heard = 0;
      store.subscribe(() => {
        throw new Error("on purpose");
      });
      store.subscribe(() => {
        heard += 1;
      });
      await store.write(async (tx) => tx.wake("jobs"));
      expect(heard).toBe(1);
    });

    test("the store's time is the clock's, and stands still within a transaction", async () => {
      const readNow = async () => {
        const row = await store.read.selectNoFrom(store.now.as("now")).executeTakeFirstOrThrow();
        return row.now;
      };
      expect(Math.abs((await readNow()) - clock.now())).toBeLessThan(1000);
      clock.advance(3_600_000);
      expect(Math.abs((await readNow()) - clock.now())).toBeLessThan(1000);
      await store.write(async (tx) => {
        const first = await tx.query.selectNoFrom(tx.now.as("now")).executeTakeFirstOrThrow();
        const second = await tx.query.selectNoFrom(tx.now.as("now")).executeTakeFirstOrThrow();
        expect(second.now).toBe(first.now);
        expect(Number.isInteger(first.now)).toBe(true);
      });
    });

    test("whole numbers to 2^53 - 1, flags, text and null come back as they went in", async () => {
      const projectId = await addProject(store);
      const assetId = await addAsset(store, projectId);
      const seed = Number.MAX_SAFE_INTEGER;
      const prompt = "line\nbreak \u2028 ü 🌊 'quoted' \\";
      await store.write((tx) =>
        tx.query.updateTable("assets").set({ seed, prompt }).where("id", "=", assetId).execute(),
      );
      const asset = await store.read
        .selectFrom("assets")
        .select(["seed", "prompt", "idem", "dur_seconds"])
        .where("id", "=", assetId)
        .executeTakeFirstOrThrow();
      expect(asset).toEqual({ seed, prompt, idem: null, dur_seconds: 4 });
      const counted = await store.read
        .selectFrom("projects")
        .select((e) => e.fn.countAll<number>().as("count"))
        .where("enable_signing", "=", 0)
        .executeTakeFirstOrThrow();
      expect(counted.count).toBe(1);
    });

    test("a row whose parent is missing, or whose flag is not 0 or 1, is refused", async () => {
      await expect(addAsset(store, "nobody")).rejects.toThrow();
      const projectId = await addProject(store);
      const flag = store.write((tx) =>
        tx.query
          .updateTable("projects")
          .set({ enable_signing: 2 as 1 })
          .where("id", "=", projectId)
          .execute(),
      );
      await expect(flag).rejects.toThrow();
    });

    test("text in a column of numbers is refused", async () => {
      const write = store.write((tx) =>
        tx.query
          .insertInto("settings")
          .values({ key: "a", value: "{}", updated_at: sql<number>`'soon'` })
          .execute(),
      );
      await expect(write).rejects.toThrow();
    });

    test("the read side refuses to write, and to open a transaction", async () => {
      const insert = store.read
        .insertInto("settings")
        .values({ key: "a", value: "{}", updated_at: 0 })
        .execute();
      await expect(insert).rejects.toThrow();
      await expect(store.read.transaction().execute(async () => 1)).rejects.toThrow("use write");
    });

    test("an update says how many rows it met", async () => {
      await put("a");
      const met = await store.write((tx) =>
        tx.query.updateTable("settings").set({ value: "1" }).executeTakeFirst(),
      );
      const missed = await store.write((tx) =>
        tx.query.deleteFrom("settings").where("key", "=", "b").executeTakeFirst(),
      );
      expect([met.numUpdatedRows, missed.numDeletedRows]).toEqual([1n, 0n]);
    });

    test("100 writes at once queue for the few connections and all happen [X06]", async () => {
      await put("count", "0");
      await Promise.all(
        Array.from({ length: 100 }, () =>
          store.write(async (tx) => {
            const row = await tx.query
              .updateTable("settings")
              .set({ value: sql<string>`cast(cast(value as integer) + 1 as text)` })
              .where("key", "=", "count")
              .returning("value")
              .executeTakeFirstOrThrow();
            return row.value;
          }),
        ),
      );
      const row = await store.read
        .selectFrom("settings")
        .select("value")
        .where("key", "=", "count")
        .executeTakeFirst();
      expect(row?.value).toBe("100");
    });

    test("a check passes when a write can be committed", async () => {
      await store.check();
    });

    test("closing twice is closing once; a closed store refuses to write", async () => {
      await Promise.all([store.close(), store.close()]);
      await expect(put("a")).rejects.toThrow();
    });

    test("what was written is there when the store is opened again", async () => {
      await put("a");
      await store.close();
      store = await place.open(clock);
      expect(await keys()).toEqual(["a"]);
    });

    test("of several that open at once, one migrates [X09]", async () => {
      const fresh = await createPlace();
      const stores = await Promise.all([1, 2, 3].map(() => fresh.open(clock)));
      const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(
        stores[0]?.read ?? store.read,
      );
      const known = Object.keys(migrationsFor(sqliteTypes));
      expect(applied.rows.map(({ name }) => name).sort()).toEqual(known);
      await Promise.all(stores.map((opened) => opened.close()));
    });

    test("a schema newer than the program is refused [D10]", async () => {
      const future = sql`insert into kysely_migration values ('9999_future', '2099-01-01')`;
      await store.write((tx) => future.execute(tx.query));
      await expect(place.open(clock)).rejects.toMatchObject({
        code: "unusable_database",
        message: expect.stringContaining("9999_future"),
      });
    });

    test("a migration that fails leaves nothing of itself", async () => {
      const fresh = await createPlace();
      const migrations: Migrations = {
        "0001_broken": {
          async up(db) {
            await sql`create table half (id text)`.execute(db);
            throw new Error("on purpose");
          },
        },
      };
      await expect(fresh.open(clock, { migrations })).rejects.toThrow("on purpose");
      const whole = await fresh.open(clock);
      const tables = await whole.read.introspection.getTables();
      expect(tables.map(({ name }) => name)).not.toContain("half");
      await whole.close();
    });
  });
}
