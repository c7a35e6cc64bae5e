import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { type ClaimedJob, finishJob } from "../jobs/queue.ts";
import type { JobHandler, JobOutcome } from "../jobs/runner.ts";
import type { Log } from "../log.ts";
import type { Exchange } from "../net/exchange.ts";
import { findProject } from "../projects/project.ts";
import { type CrawlEnd, recordCrawl } from "./store.ts";

export interface CrawlJobDeps {
  readonly store: Store;
  readonly exchange: Exchange;
  readonly clock: Pick<Clock, "schedule">;
  readonly log: Log;
}

/** All pages together. */
export const crawlTimeoutMs = 45_000;
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
      return end(deps, job, id, await crawl(deps, { url, allowedOrigins, signal }));
    },
    async exhausted(job) {
      const { id } = JSON.parse(job.payload) as { readonly id: string };
      const detail = "the crawl was lost to crashes again and again";
      return end(deps, job, id, { status: "failed", detail });
    },
  };
}

interface CrawlRun {
  readonly url: string;
  readonly allowedOrigins: readonly string[];
  /** The runner's: it aborts when the work is not ours any more. */
  readonly signal: AbortSignal;
}

async function crawl(deps: CrawlJobDeps, run: CrawlRun): Promise<CrawlEnd> {
  const limit = new AbortController();
  const stopTimer = deps.clock.schedule(crawlTimeoutMs, () => limit.abort());
  const signal = AbortSignal.any([run.signal, limit.signal]);
  try {
    const { exchange } = deps;
    const { allowedOrigins } = run;
    // With its parsers it is a large part of the program, and most servers never crawl.
    const { crawlSite } = await import("./crawl.ts");
    return { status: "done", ...(await crawlSite({ exchange, signal, allowedOrigins }, run.url)) };
  } catch (error) {
    run.signal.throwIfAborted();
    // Without its query, which may be what lets somebody in.
    deps.log.warn("crawl_failed", { url: run.url.replace(/\?.*/s, ""), error });
    return { status: "failed", detail: detailOf(error, limit.signal.aborted) };
  } finally {
    stopTimer();
  }
}

/** In words for who asked; what is our own fault stays in the log. */
function detailOf(error: unknown, isTimeUp: boolean): string {
  if (isTimeUp) return `the site could not be read within ${crawlTimeoutMs / 1000} seconds`;
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
