import { expect, test } from "bun:test";
import { checkWrite } from "../../src/db/write-check.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { sqlitePlace } from "../support/stores.ts";

test("however often it is made, a check leaves one row, with its time", async () => {
  const clock = createManualClock();
  const store = await (await sqlitePlace()).open(clock);
  await checkWrite(store);
  clock.advance(5000);
  await checkWrite(store);
  const rows = await store.read.selectFrom("settings").select(["key", "updated_at"]).execute();
  expect(rows).toEqual([{ key: "write_check", updated_at: clock.now() }]);
  await store.close();
});
