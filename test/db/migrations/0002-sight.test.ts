import { expect, test } from "bun:test";
import { migrationsFor } from "../../../src/db/migrations.ts";
import { sqliteTypes } from "../../../src/db/sqlite/sqlite-store.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { addAsset, addGeneration, addProject } from "../../support/rows.ts";
import { sqlitePlace } from "../../support/stores.ts";

test("generations made before anything was seen of them keep their rows", async () => {
  const clock = createManualClock();
  const place = await sqlitePlace();
  const all = Object.entries(migrationsFor(sqliteTypes));
  const upTo = (count: number) => ({ migrations: Object.fromEntries(all.slice(0, count)) });
  const before = await place.open(clock, upTo(1));
  const projectId = await addProject(before);
  const assetId = await addAsset(before, projectId);
  await addGeneration(before, { id: "gen_1", projectId, assetId });
  const rows = await before.read.selectFrom("generations").selectAll().execute();
  expect(rows).toHaveLength(1);
  expect(rows[0]).not.toHaveProperty("sight");
  await before.close();

  const after = await place.open(clock, upTo(2));
  const kept = await after.read.selectFrom("generations").selectAll().execute();
  expect(kept).toEqual(rows.map((row) => ({ ...row, sight: null })));
  await after.close();
});
