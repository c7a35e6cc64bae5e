import { afterAll, expect, test } from "bun:test";
import { reserveGeneration } from "../../src/projects/quota.ts";
import { findUsage } from "../../src/projects/usage.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { addUser } from "../support/sign-in.ts";
import { sqlitePlace } from "../support/stores.ts";

const store = await (await sqlitePlace()).open(createManualClock());
afterAll(() => store.close());

test("what was generated counts until the month ends, in UTC", async () => {
  const userId = await addUser(store);
  const lastMoment = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
  const nextMonth = Date.UTC(2027, 0, 1);
  expect(await findUsage(store.read, userId, lastMoment)).toEqual({ used: 0, resetAt: nextMonth });
  const holder = { ownerId: userId, overageEnabled: false };
  await store.write((tx) => reserveGeneration(tx, holder, lastMoment));
  expect((await findUsage(store.read, userId, lastMoment)).used).toBe(1);
  expect(await findUsage(store.read, userId, nextMonth)).toEqual({
    used: 0,
    resetAt: Date.UTC(2027, 1, 1),
  });
});
