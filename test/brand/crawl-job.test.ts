import { afterEach, describe, expect, test } from "bun:test";
import { crawlTimeoutMs, createCrawl, refineTimeoutMs } from "../../src/brand/crawl-job.ts";
import { crawlJob, getBrand, requestCrawl } from "../../src/brand/store.ts";
import type { Store } from "../../src/db/store.ts";
import { claimJobs } from "../../src/jobs/queue.ts";
import { openRunner } from "../../src/jobs/runner.ts";
import { createSpend } from "../../src/projects/spend.ts";
import { createAnthropic } from "../../src/providers/anthropic.ts";
import type { LanguageModel } from "../../src/providers/language-model.ts";
import { type Answer, createTestExchange, openBrandSite } from "../support/brand-site.ts";
import { createManualClock } from "../support/manual-clock.ts";
import {
  type MessagesAnswer,
  message,
  messagesError,
  openMessagesServer,
} from "../support/messages-server.ts";
import { seededOwnerId, seededProjectId, seedProject } from "../support/seed-project.ts";
import { silentLog } from "../support/silent-log.ts";
import { sqlitePlace } from "../support/stores.ts";
import { until } from "../support/until.ts";

const who = { projectId: seededProjectId, userId: seededOwnerId };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(answer?: Answer, languageModel?: LanguageModel) {
  const clock = createManualClock();
  const store = await (await sqlitePlace()).open(clock);
  const site = openBrandSite(answer);
  closers.push(() => store.close(), site.close);
  await seedProject(store, { allowedOrigins: [site.origin] });
  const log = silentLog;
  const spend = createSpend({ store, now: clock.now }, { usdPerDayMax: 5 });
  const exchange = createTestExchange();
  const crawl = createCrawl({ store, exchange, clock, log, spend, languageModel });
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
    expect(crawl).toMatchObject({ status: "done", pages: 4, refined: false });
    expect(crawl?.url).toBe(`${site.origin}/`);
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

describe("a crawl with a language model", () => {
  const openClaude = (answer: MessagesAnswer) => {
    const server = openMessagesServer(answer);
    closers.push(server.close);
    const config = { apiKey: "sk-test-key", baseUrl: server.url, model: "claude-haiku-5-5" };
    return { server, model: createAnthropic({ clock: createManualClock() }, config) };
  };
  const crawlWith = async (answer: MessagesAnswer) => {
    const { server, model } = openClaude(answer);
    const opened = await open(undefined, model);
    await requestCrawl(opened.store, who, { id: "c1", url: `${opened.site.origin}/` });
    await opened.start();
    return { ...opened, server };
  };
  const spentMicros = async (store: Store) =>
    (await store.read.selectFrom("spend").selectAll().execute()).map((row) => row.usd_micros);

  test("has it go over what the rules found, and keeps what it says nothing of", async () => {
    const { store, server } = await crawlWith(() =>
      message({
        text: JSON.stringify({ tone: "plain and warm", vibe: "", pricing: [], stats: [] }),
        usage: { input: 4000, output: 200 },
      }),
    );
    const { brand, crawl } = await ended(store);
    expect(crawl).toMatchObject({ status: "done", pages: 4, refined: true });
    expect(brand?.messagingContext?.tone).toBe("plain and warm");
    expect(brand?.brandName).toBe("Fernlight");
    expect(brand?.contentInventory?.pricing?.length).toBeGreaterThan(0);
    expect(brand?.colors?.primary).toMatch(/^#/);
    expect(await spentMicros(store)).toEqual([500]);
    const text = server.requests[0]?.body.messages[0]?.content ?? "";
    expect(text).toContain('<page url="http://127.0.0.2:');
    expect(text).toContain("Our support queue for billing is simply gone.");
  });

  test.each([
    [() => messagesError(401, "authentication_error"), "Claude answered with status 401"],
    [() => message({ stopReason: "refusal", text: "" }), "Claude refused to answer"],
    [() => message({ text: "no JSON" }), "Claude answered with no JSON"],
  ])("that fails keeps what was found, and says why: %#", async (answer, why) => {
    const { store } = await crawlWith(answer);
    const { brand, crawl } = await ended(store);
    expect(crawl).toMatchObject({ status: "done", pages: 4, refined: false });
    expect(crawl?.detail).toStartWith(`not refined: ${why}`);
    expect(crawl?.detail).not.toContain("sk-test-key");
    expect(brand?.brandName).toBe("Fernlight");
  });

  test("waits for it no longer than is said [P07]", async () => {
    const reached = Promise.withResolvers<void>();
    const { store, clock } = await crawlWith(() => {
      reached.resolve();
      return new Promise<Response>(() => {});
    });
    await reached.promise;
    clock.advance(refineTimeoutMs);
    const { crawl } = await ended(store);
    expect(crawl).toMatchObject({
      status: "done",
      refined: false,
      detail: "not refined: the language model did not answer within 90 seconds",
    });
    // Nobody can tell what that cost.
    expect((await spentMicros(store))[0]).toBeGreaterThan(0);
  });

  test("asks nothing when the day's money is spent", async () => {
    const { server, model } = openClaude(() => message());
    const { store, site, start } = await open(undefined, { ...model, costUsdMax: () => 6 });
    await requestCrawl(store, who, { id: "c1", url: `${site.origin}/` });
    await start();
    const { brand, crawl } = await ended(store);
    expect(crawl).toMatchObject({
      status: "done",
      refined: false,
      detail: "not refined: this server's 5 USD for today are spent",
    });
    expect(brand?.brandName).toBe("Fernlight");
    expect(server.requests).toEqual([]);
  });
});
