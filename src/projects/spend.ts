import { sql } from "kysely";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";

export interface SpendConfig {
  /** Of the whole server, in US dollars a calendar day (UTC); 0 lets nothing be paid for. */
  readonly usdPerDayMax: number;
}

/** Something that a provider will charge for. */
export interface Expense {
  readonly projectId: string;
  readonly provider: string;
  /** The most that it can cost. */
  readonly usdMax: number;
}

/** Money that has been set aside, and counts as spent until it is known better. */
export interface Reservation {
  /** What it came to: what was set aside beyond that can be spent again. */
  settle(usd: number): Promise<void>;
}

/** What paid providers may cost, over all projects. */
export interface Spend {
  /** @throws AppError `quota_exceeded` when the day has no room for it. */
  reserve(expense: Expense): Promise<Reservation>;
}

export interface SpendDeps {
  readonly store: Pick<Store, "write">;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export function createSpend({ store, now }: SpendDeps, { usdPerDayMax }: SpendConfig): Spend {
  return {
    async reserve({ projectId, provider, usdMax }) {
      const place = { day: dayOf(now()), projectId, provider };
      const micros = microsOf(usdMax);
      await store.write(async (tx) => {
        await takeTurn(tx, place.day);
        const spent = await spentOn(tx, place.day);
        if (spent + micros > microsOf(usdPerDayMax)) throw capped(usdPerDayMax);
        await add(tx, place, micros);
      });
      return {
        settle: (usd) => store.write((tx) => add(tx, place, microsOf(usd) - micros)),
      };
    },
  };
}

interface Place {
  readonly day: string;
  readonly projectId: string;
  readonly provider: string;
}

/**
 * Nobody else reserves until this transaction ends: two that add to different rows would not see
 * each other's, and the sum would pass the cap.
 */
async function takeTurn(tx: Tx, day: string): Promise<void> {
  await tx.query
    .insertInto("settings")
    .values({ key: "spend_turn", value: JSON.stringify(day), updated_at: tx.now })
    .onConflict((oc) => oc.column("key").doUpdateSet({ updated_at: tx.now }))
    .execute();
}

async function spentOn(tx: Tx, day: string): Promise<number> {
  const { micros } = await tx.query
    .selectFrom("spend")
    .select(sql<number>`cast(coalesce(sum(usd_micros), 0) as bigint)`.as("micros"))
    .where("day", "=", day)
    .executeTakeFirstOrThrow();
  return micros;
}

async function add(tx: Tx, { day, projectId, provider }: Place, micros: number): Promise<void> {
  await tx.query
    .insertInto("spend")
    .values({ day, project_id: projectId, provider, usd_micros: micros, generations: 0 })
    .onConflict((oc) =>
      oc
        .columns(["day", "project_id", "provider"])
        .doUpdateSet({ usd_micros: sql<number>`spend.usd_micros + ${micros}` }),
    )
    .execute();
}

/** The calendar day in UTC that `ms` falls in, `2026-11-21`. */
function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whole millionths of a dollar, rounded up. */
function microsOf(usd: number): number {
  return Math.ceil(usd * 1_000_000);
}

function capped(usdPerDayMax: number): AppError {
  const message =
    usdPerDayMax === 0
      ? "this server lets nothing be paid for"
      : `this server's ${usdPerDayMax} USD for today are spent`;
  return new AppError("quota_exceeded", message);
}
