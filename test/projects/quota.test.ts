import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { openStore } from "../../src/db/open-store.ts";
import type { Store } from "../../src/db/store.ts";
import { giveBackGeneration, monthOf, reserveGeneration } from "../../src/projects/quota.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { seededOwnerId, seedProject } from "../support/seed-project.ts";
import { silentLog } from "../support/silent-log.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const november = Date.UTC(2026, 10, 21);
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openOwner(plan: string): Promise<Store> {
  const folder = await openTemporaryDirectory();
  const config = { kind: "sqlite", path: join(folder.path, "test.db") } as const;
  const store = await openStore(config, { clock: createManualClock(november), log: silentLog });
  closers.push(folder.close, () => store.close());
  await seedProject(store, { allowedOrigins: [], plan });
  return store;
}

const reserve = (store: Store, options: { overageEnabled?: boolean; nowMs?: number } = {}) =>
  store.write((tx) =>
    reserveGeneration(
      tx,
      { ownerId: seededOwnerId, overageEnabled: options.overageEnabled ?? false },
      options.nowMs ?? november,
    ),
  );

const usageOf = (store: Store) =>
  store.read.selectFrom("usage").select(["month", "used", "overage"]).orderBy("month").execute();

test("a free plan has five generations a month, and the sixth writes nothing", async () => {
  const store = await openOwner("free");
  for (let count = 0; count < 5; count += 1) await reserve(store);
  await expect(reserve(store)).rejects.toMatchObject({
    code: "limit_reached",
    message: "monthly limit reached",
  });
  expect(await usageOf(store)).toEqual([{ month: "2026-11", used: 5, overage: 0 }]);
});

test("nothing is begun for an owner who was shut out", async () => {
  const store = await openOwner("unlimited");
  const shutOut = (at: number | null) =>
    store.write((tx) => tx.query.updateTable("users").set({ disabled_at: at }).execute());
  await shutOut(1);
  await expect(reserve(store)).rejects.toMatchObject({
    code: "forbidden",
    message: "the account that owns this project is disabled",
  });
  expect(await usageOf(store)).toEqual([]);
  await shutOut(null);
  await reserve(store);
});

test("the next calendar month in UTC begins with a full count", async () => {
  const store = await openOwner("free");
  for (let count = 0; count < 5; count += 1) await reserve(store);
  await reserve(store, { nowMs: Date.UTC(2026, 11, 1) });
  expect((await usageOf(store)).map(({ month, used }) => [month, used])).toEqual([
    ["2026-11", 5],
    ["2026-12", 1],
  ]);
  expect(monthOf(Date.UTC(2026, 11, 1) - 1)).toBe("2026-11");
});

test("a paid plan goes past its limit only with the overage switch, and counts it", async () => {
  const store = await openOwner("pro");
  await store.write((tx) =>
    tx.query
      .insertInto("usage")
      .values({ user_id: seededOwnerId, month: "2026-11", used: 100, overage: 0 })
      .execute(),
  );
  await expect(reserve(store)).rejects.toThrow("overage disabled");
  await reserve(store, { overageEnabled: true });
  expect(await usageOf(store)).toEqual([{ month: "2026-11", used: 101, overage: 1 }]);
  await store.write((tx) => giveBackGeneration(tx, seededOwnerId, november));
  expect(await usageOf(store)).toEqual([{ month: "2026-11", used: 100, overage: 0 }]);
});

test("an unlimited plan never ends, and is counted all the same", async () => {
  const store = await openOwner("unlimited");
  for (let count = 0; count < 8; count += 1) await reserve(store);
  expect(await usageOf(store)).toEqual([{ month: "2026-11", used: 8, overage: 0 }]);
});

test("fifty reservations at once are counted exactly", async () => {
  const store = await openOwner("pro");
  await Promise.all(Array.from({ length: 50 }, () => reserve(store)));
  expect(await usageOf(store)).toEqual([{ month: "2026-11", used: 50, overage: 0 }]);
});

test("giving back what was never counted leaves the count at zero", async () => {
  const store = await openOwner("free");
  await reserve(store);
  for (let count = 0; count < 3; count += 1) {
    await store.write((tx) => giveBackGeneration(tx, seededOwnerId, november));
  }
  expect(await usageOf(store)).toEqual([{ month: "2026-11", used: 0, overage: 0 }]);
});
