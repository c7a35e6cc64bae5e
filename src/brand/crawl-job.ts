import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { JobHandler, JobOutcome } from "../jobs/handler.ts";
import { type ClaimedJob, finishJob } from "../jobs/queue.ts";
import type { Log } from "../log.ts";
import type { Exchange } from "../net/exchange.ts";
import { findProject } from "../projects/project.ts";
import type { Spend } from "../projects/spend.ts";
import type { LanguageModel } from "../providers/language-model.ts";
import { type Crawled, refineBrand } from "./refine/refine.ts";
import { type CrawlEnd, recordCrawl } from "./store.ts";

export interface CrawlJobDeps {
  readonly store: Store;
  readonly exchange: Exchange;
  readonly clock: Pick<Clock, "schedule">;
  readonly log: Log;
  readonly spend: Spend;
  /** Goes over what was found, where there is one. */
  readonly languageModel: LanguageModel | undefined;
}

/** All pages together. */
export const crawlTimeoutMs = 45_000;
/** The language model's answer, with whatever is tried again. */
export const refineTimeoutMs = 90_000;
/** Crawls at once in this process: they wait most of their time, and share its memory. */
const crawlsAtOnce = 2;

/** The job that crawls a site for its project, and records what was found or what went wrong. */
export function createCrawl(deps: CrawlJobDeps): JobHandler {
  return {
    concurrency: crawlsAtOnce,
    async run(job, signal) {
      const { id, url } = JSON.parse(job.payload) as { readonly id: string; readonly url: string };
      const project = await findProject(deps.store.read, job.subject);
      if (!project || project.deleted_at !== null) return { state: "done" };
      const allowedOrigins = JSON.parse(project.allowed_origins) as string[];
      const site = { projectId: project.id, url, allowedOrigins };
      return end(deps, job, id, await crawl(deps, site, signal));
    },
    async exhausted(job) {
      const { id } = JSON.parse(job.payload) as { readonly id: string };
      const detail = "the crawl was lost to crashes again and again";
      return end(deps, job, id, { status: "failed", detail });
    },
  };
}

interface Site {
  readonly projectId: string;
  readonly url: string;
  readonly allowedOrigins: readonly string[];
}

/** @param signal the runner's: it aborts when the work is not ours any more. */
async function crawl(deps: CrawlJobDeps, site: Site, signal: AbortSignal): Promise<CrawlEnd> {
  const { exchange, clock, log } = deps;
  const { url, allowedOrigins } = site;
  try {
    // With its parsers it is a large part of the program, and most servers never crawl.
    const { crawlSite } = await import("./crawl.ts");
    const late = "the site could not be read";
    const limits = { clock, signal, timeoutMs: crawlTimeoutMs, late };
    const found = await withTimeLimit(limits, (limited) =>
      crawlSite({ exchange, signal: limited, allowedOrigins }, url),
    );
    return { ...(await refine(deps, { ...site, ...found }, signal)), pages: found.texts.length };
  } catch (error) {
    signal.throwIfAborted();
    log.warn("crawl_failed", { url: withoutQuery(url), error });
    return { status: "failed", detail: detailOf(error) };
  }
}

/** What was found, gone over by a language model; as it was found, where that cannot be had. */
async function refine(
  { languageModel: model, spend, clock, log }: CrawlJobDeps,
  found: Crawled & Site,
  signal: AbortSignal,
): Promise<Extract<CrawlEnd, { status: "done" }>> {
  const { brand, url } = found;
  if (!model) return { status: "done", brand, refined: false };
  try {
    const late = "the language model did not answer";
    const limits = { clock, signal, timeoutMs: refineTimeoutMs, late };
    const refined = await withTimeLimit(limits, (limited) =>
      refineBrand({ model, spend }, found, limited),
    );
    return { status: "done", brand: refined, refined: true };
  } catch (error) {
    signal.throwIfAborted();
    log.warn("refine_failed", { url: withoutQuery(url), error });
    const detail = `not refined: ${detailOf(error)}`;
    return { status: "done", brand, refined: false, detail };
  }
}

interface TimeLimit {
  readonly clock: Pick<Clock, "schedule">;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What is late, as the beginning of a sentence. */
  readonly late: string;
}

/** @throws AppError `unavailable` when the time is up; whatever `work` throws. */
async function withTimeLimit<T>(
  { clock, signal, timeoutMs, late }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timeUp = new AppError("unavailable", `${late} within ${timeoutMs / 1000} seconds`);
  const stopTimer = clock.schedule(timeoutMs, () => limit.abort(timeUp));
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    throw limit.signal.aborted ? timeUp : error;
  } finally {
    stopTimer();
  }
}

/** It may be what lets somebody in. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*/s, "");
}

/** In words for who asked; what is our own fault stays in the log. */
function detailOf(error: unknown): string {
  return error instanceof AppError ? error.message : "internal error";
}

async function end(
  { store }: CrawlJobDeps,
  job: ClaimedJob,
  crawlId: string,
  result: CrawlEnd,
): Promise<JobOutcome> {
  await store.write(async (tx) => {
    if (!(await finishJob(tx, job))) return;
    await recordCrawl(tx, job.subject, crawlId, result);
  });
  return { state: "settled" };
}
