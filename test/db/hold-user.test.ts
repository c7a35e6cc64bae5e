import { afterAll, describe, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { holdUser } from "../../src/db/hold-user.ts";
import { testPostgres } from "../support/postgres.ts";
import { addUser } from "../support/sign-in.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();
const engines = [
  ["SQLite", () => sqlitePlace()],
  ["PostgreSQL", async () => (server ? postgresPlace(server) : sqlitePlace())],
] as const;

for (const [name, openPlace] of engines) {
  const isMissing = name === "PostgreSQL" && !server;
  describe.skipIf(isMissing)(`a user who is held on ${name}`, async () => {
    const store = await (await openPlace()).open(systemClock);
    afterAll(() => store.close());

    test("is counted by one after the other, so that nothing is counted twice", async () => {
      const id = await addUser(store);
      const row = () => store.read.selectFrom("users").selectAll().where("id", "=", id);
      const { plan } = await row().executeTakeFirstOrThrow();
      const countOn = (count: number) => ({ name: String(count) });
      await store.write((tx) => tx.query.updateTable("users").set(countOn(0)).execute());
      const add = () =>
        store.write(async (tx) => {
          await holdUser(tx, id);
          const held = tx.query.selectFrom("users").select("name").where("id", "=", id);
          const count = Number((await held.executeTakeFirstOrThrow()).name);
          await tx.query
            .updateTable("users")
            .set(countOn(count + 1))
            .execute();
        });
      await Promise.all(Array.from({ length: 8 }, add));
      expect(await row().executeTakeFirstOrThrow()).toMatchObject({ name: "8", plan });
    });
  });
}
