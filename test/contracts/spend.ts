import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/db/store.ts";
import { createProject } from "../../src/projects/create.ts";
import { createSpend, type Expense } from "../../src/projects/spend.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { addUser } from "../support/sign-in.ts";
import type { StorePlace } from "./store.ts";

/** What the cap on paid providers promises on every engine. */
export function spendContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`spending on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;
    let projects: readonly string[];
    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
      const ownerId = await addUser(store);
      const make = async (projectName: string) =>
        (await createProject(store, ownerId, { name: projectName, websiteUrl: undefined })).project
          .id;
      projects = [await make("First"), await make("Second"), await make("Third")];
    });
    afterEach(() => store.close());

    const open = (usdPerDayMax: number) => createSpend({ store, now: clock.now }, { usdPerDayMax });
    const of = (usdMax: number, index = 0): Expense => ({
      projectId: projects[index] ?? "",
      provider: "paid",
      usdMax,
    });
    const spentUsd = async () => {
      const rows = await store.read.selectFrom("spend").select("usd_micros").execute();
      return rows.reduce((sum, row) => sum + row.usd_micros, 0) / 1e6;
    };

    test("what is set aside counts as spent, until it is known what it came to", async () => {
      const { reserve } = open(1);
      const reservation = await reserve(of(0.6));
      expect(await spentUsd()).toBeCloseTo(0.6, 6);
      expect(await codeOf(reserve(of(0.5, 1)))).toBe("quota_exceeded");
      await reservation.settle(0.2);
      expect(await spentUsd()).toBeCloseTo(0.2, 6);
      await reserve(of(0.8, 1));
      expect(await spentUsd()).toBeCloseTo(1, 6);
    });

    test("the cap is of all projects together, however many ask at once", async () => {
      const { reserve } = open(1);
      const asked = Array.from({ length: 24 }, (_, index) => reserve(of(0.1, index % 3)));
      const ended = await Promise.allSettled(asked);
      expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
      expect(await spentUsd()).toBeCloseTo(1, 6);
    });

    test("a new day (UTC) begins with nothing spent", async () => {
      const { reserve } = open(1);
      await reserve(of(1));
      const error = await errorOf(reserve(of(0.000_001)));
      expect(error.message).toBe("this server's 1 USD for today are spent");
      clock.advance(86_400_000);
      await reserve(of(1));
    });

    test("what is settled on the next day is the day's that it was reserved on", async () => {
      const { reserve } = open(1);
      const reservation = await reserve(of(1));
      clock.advance(86_400_000);
      await reservation.settle(0.25);
      const rows = await store.read.selectFrom("spend").selectAll().execute();
      expect(rows).toMatchObject([{ provider: "paid", usd_micros: 250_000 }]);
    });

    test("0 lets nothing be paid for", async () => {
      const { reserve } = open(0);
      const error = await errorOf(reserve(of(0.000_001)));
      expect(error.message).toBe("this server lets nothing be paid for");
      await reserve(of(0));
    });
  });
}
