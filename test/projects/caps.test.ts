import { afterAll, beforeEach, expect, test } from "bun:test";
import { createEnsureAsset } from "../../src/assets/ensure.ts";
import { plainRequest } from "../../src/assets/request.ts";
import type { Store } from "../../src/db/store.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { seededProjectId, seedProject } from "../support/seed-project.ts";
import { sqlitePlace } from "../support/stores.ts";

const noon = Date.UTC(2026, 10, 21, 12);
const dayMs = 86_400_000;
let clock: ReturnType<typeof createManualClock>;
let store: Store;
const opened: Store[] = [];

beforeEach(async () => {
  clock = createManualClock(noon);
  store = await (await sqlitePlace()).open(clock);
  opened.push(store);
  await seedProject(store, { allowedOrigins: [] });
});
afterAll(async () => {
  for (const each of opened) await each.close();
});

const allow = (caps: { generations_per_day_max?: number; generations_per_month_max?: number }) =>
  store.write((tx) =>
    tx.query.updateTable("projects").set(caps).where("id", "=", seededProjectId).execute(),
  );

/** Asks for another clip, and so for another generation. */
function ask(idem: string) {
  const request = { ...plainRequest(seededProjectId, "https://acme.com/hero.png"), idem };
  const ensure = createEnsureAsset({ store, clock, createId: () => Bun.randomUUIDv7() });
  return ensure(request, { requestId: "req_test" });
}

test("a project without caps has none", async () => {
  for (const idem of ["a", "b", "c"]) expect((await ask(idem)).asset.status).toBe("pending");
});

test("a day's cap is refused past it, leaves nothing, and begins anew at midnight UTC", async () => {
  await allow({ generations_per_day_max: 2 });
  await Promise.all([ask("a"), ask("b")]);
  await expect(ask("c")).rejects.toMatchObject({
    code: "limit_reached",
    message: "daily generation limit of this project reached",
  });
  expect(await store.read.selectFrom("assets").select("id").execute()).toHaveLength(2);
  clock.advance(dayMs / 2);
  expect((await ask("c")).asset.status).toBe("pending");
});

test("a month's cap counts the days before, too", async () => {
  await allow({ generations_per_month_max: 2 });
  await ask("a");
  clock.advance(dayMs);
  await ask("b");
  clock.advance(dayMs);
  await expect(ask("c")).rejects.toMatchObject({
    message: "monthly generation limit of this project reached",
  });
});

test("of many at once just as many begin as are left", async () => {
  await allow({ generations_per_day_max: 3 });
  const asked = await Promise.allSettled(["a", "b", "c", "d", "e", "f"].map(ask));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
});
