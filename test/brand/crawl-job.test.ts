import { afterEach, describe, expect, test } from "bun:test";
import { crawlTimeoutMs, createCrawl } from "../../src/brand/crawl-job.ts";
import { crawlJob, getBrand, requestCrawl } from "../../src/brand/store.ts";
import type { Store } from "../../src/db/store.ts";
import { claimJobs } from "../../src/jobs/queue.ts";
import { openRunner } from "../../src/jobs/runner.ts";
import { type Answer, createTestExchange, openBrandSite } from "../support/brand-site.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { seededOwnerId, seededProjectId, seedProject } from "../support/seed-project.ts";
import { silentLog } from "../support/silent-log.ts";
import { sqlitePlace } from "../support/stores.ts";
import { until } from "../support/until.ts";

const who = { projectId: seededProjectId, userId: seededOwnerId };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(answer?: Answer) {
  const clock = createManualClock();
  const store = await (await sqlitePlace()).open(clock);
  const site = openBrandSite(answer);
  closers.push(() => store.close(), site.close);
  await seedProject(store, { allowedOrigins: [site.origin] });
  const log = silentLog;
  const crawl = createCrawl({ store, exchange: createTestExchange(), clock, log });
  const start = async () => {
    const handlers = { [crawlJob]: crawl };
    const runner = await openRunner({ store, handlers, concurrency: 1, worker: "w", clock, log });
    closers.push(runner.close);
  };
  return { store, site, clock, crawl, start };
}

const ended = async (store: Store) => {
  await until(async () => (await getBrand(store, who)).crawl?.status !== "crawling");
  return getBrand(store, who);
};

describe("a crawl that was asked for", () => {
  test("fills the brand, and says that it is done", async () => {
    const { store, site, start } = await open();
    await requestCrawl(store, who, { id: "c1", url: `${site.origin}/` });
    await start();
    const { brand, crawl } = await ended(store);
    expect(crawl).toMatchObject({ status: "done", pages: 4, url: `${site.origin}/` });
    expect(crawl?.endedAt).toBeGreaterThanOrEqual(crawl?.startedAt ?? Infinity);
    expect(brand?.brandName).toBe("Fernlight");
    expect(await store.read.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("and fails leaves the brand as it was, and says why", async () => {
    const { store, site, start } = await open(() => new Response("down", { status: 503 }));
    await requestCrawl(store, who, { id: "c1", url: `${site.origin}/` });
    await start();
    const { brand, crawl } = await ended(store);
    expect(brand).toBeUndefined();
    expect(crawl).toMatchObject({
      status: "failed",
      detail: "the site answered with status 503",
    });
  });

  test("and takes too long is given up", async () => {
    const reached = Promise.withResolvers<void>();
    const { store, site, clock, start } = await open(() => {
      reached.resolve();
      return new Promise<Response>(() => {});
    });
    await requestCrawl(store, who, { id: "c1", url: `${site.origin}/` });
    await start();
    await reached.promise;
    clock.advance(crawlTimeoutMs);
    expect((await ended(store)).crawl).toMatchObject({
      status: "failed",
      detail: "the site could not be read within 45 seconds",
    });
  });

  test("for a project that was deleted meanwhile reads nothing", async () => {
    const { store, site, start } = await open();
    await requestCrawl(store, who, { id: "c1", url: `${site.origin}/` });
    await store.write((tx) => tx.query.updateTable("projects").set({ deleted_at: 1 }).execute());
    await start();
    await until(async () => {
      return (await store.read.selectFrom("jobs").selectAll().execute()).length === 0;
    });
    expect(site.visits).toEqual([]);
  });

  test("and takes the process down again and again ends as failed", async () => {
    const { store, site, crawl } = await open();
    await requestCrawl(store, who, { id: "c1", url: `${site.origin}/` });
    const [job] = await store.write((tx) =>
      claimJobs(tx, {
        kind: crawlJob,
        worker: "w",
        leaseMs: 15_000,
        limit: 1,
        except: [],
        skipLocked: store.skipLocked,
      }),
    );
    if (!job) throw new Error("nothing was queued");
    expect(await crawl.exhausted(job)).toEqual({ state: "settled" });
    expect((await getBrand(store, who)).crawl).toMatchObject({
      status: "failed",
      detail: "the crawl was lost to crashes again and again",
    });
  });
});
