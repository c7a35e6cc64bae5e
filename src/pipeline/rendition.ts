import {
  countRenditionAttempt,
  failRendition,
  findRendition,
  finishRendition,
  forgetRenditions,
  parseRenditionSubject,
} from "../assets/renditions.ts";
import { findGeneration } from "../assets/store.ts";
import type { Clock } from "../clock.ts";
import type { Generation } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { AppError, toAppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { faultDelaysMs, retryDelayMs } from "../jobs/backoff.ts";
import type { JobHandler, JobOutcome } from "../jobs/handler.ts";
import type { ClaimedJob } from "../jobs/queue.ts";
import type { Log } from "../log.ts";
import type { Media } from "../media/media.ts";
import { makeRendition } from "../media/rendition.ts";
import {
  parseRenditionFormat,
  type RenditionFormat,
  renditionFacts,
} from "../media/rendition-format.ts";
import type { Storage } from "../storage/storage.ts";
import { renditionKey } from "./keys.ts";
import { withScratch } from "./scratch.ts";

export interface RenditionDeps {
  readonly store: Store;
  readonly storage: Storage;
  readonly media: Media;
  readonly clock: Clock;
  readonly scratchRoot: string;
  readonly log: Log;
}

/** All tries to make an animated image small enough, of the longest clip, on a busy machine. */
const timeoutMs = 300_000;

const settled: JobOutcome = { state: "settled" };

/** A ready clip, and the form that is wanted of it. */
interface Wanted {
  readonly generation: Generation;
  readonly mediaKey: string;
  readonly format: RenditionFormat;
}

/** The job that makes another form of a finished clip. The clip itself is only read. */
export function createRenditionJob(deps: RenditionDeps): JobHandler {
  return {
    // A clip comes before its other forms: one of these at a time leaves it room.
    concurrency: 1,
    async run(job, signal) {
      const { generationId, format: name } = parseRenditionSubject(job.subject);
      const rendition = await findRendition(deps.store.read, { generationId, format: name });
      const generation = await findGeneration(deps.store.read, generationId);
      const format = parseRenditionFormat(name);
      if (rendition?.state !== "pending" || !generation || !format) {
        return { state: "done" };
      }
      const { media_key: mediaKey } = generation;
      if (mediaKey === null) return drop(deps, generation, format);
      try {
        return await make(deps, { generation, mediaKey, format }, job, signal);
      } catch (thrown) {
        // The runner is draining or the lease was lost: the job is not ours to judge any more.
        if (signal.aborted) throw thrown;
        const error = toAppError(thrown);
        // Nobody's fault, and nothing that another try would settle: the runner waits it out.
        if (error.code === "unavailable") throw error;
        return await retryOrFail(deps, job, rendition.attempts + 1, error);
      }
    },
    async exhausted(job) {
      const message = "the work was lost to crashes again and again";
      await failRendition(deps.store, job, new AppError("rendition_failed", message));
      return settled;
    },
  };
}

async function make(
  deps: RenditionDeps,
  wanted: Wanted,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { generation, format } = wanted;
  const limit = new AbortController();
  const stopTimer = deps.clock.schedule(timeoutMs, () => limit.abort());
  try {
    const media = await makeAndStore(deps, wanted, AbortSignal.any([signal, limit.signal]));
    failpoint("after_rendition_stored");
    const ending = await finishRendition(deps.store, job, media);
    if (ending === "unwanted") return await drop(deps, generation, format);
    return settled;
  } catch (cause) {
    if (!limit.signal.aborted || signal.aborted) throw cause;
    const message = `not finished after ${timeoutMs / 1000} seconds`;
    throw new AppError("rendition_failed", message, { cause, retry: true });
  } finally {
    stopTimer();
  }
}

async function makeAndStore(
  { scratchRoot, storage, media }: RenditionDeps,
  { generation, mediaKey, format }: Wanted,
  signal: AbortSignal,
) {
  return withScratch(scratchRoot, async (scratch) => {
    const { contentType } = renditionFacts[format];
    const from = await scratch.copyIn(storage, mediaKey, "clip.mp4");
    const to = scratch.path("rendition");
    // A clip that comes in once has nothing to come back to; the other modes end where they began.
    const loops = generation.mode !== "animate-in";
    const { width, height } = await makeRendition(media, { from, to, format, loops, signal });
    failpoint("before_rendition_stored");
    const key = renditionKey(generation, format);
    const stored = await storage.put(key, Bun.file(to), { contentType, signal });
    return {
      media_key: key,
      media_sha256: stored.sha256,
      bytes: stored.sizeBytes,
      content_type: contentType,
      width,
      height,
    };
  });
}

/** The clip is not kept any more: neither is anything that was made of it. */
async function drop(
  { store, storage }: RenditionDeps,
  generation: Generation,
  format: RenditionFormat,
): Promise<JobOutcome> {
  await storage.remove(renditionKey(generation, format));
  await forgetRenditions(store, generation.id);
  return { state: "done" };
}

async function retryOrFail(
  { store, log }: RenditionDeps,
  job: ClaimedJob,
  attempts: number,
  error: AppError,
): Promise<JobOutcome> {
  log.warn("rendition_failed", { subject: job.subject, code: error.code, error });
  const delayMs = retryDelayMs(faultDelaysMs, attempts, error.retryAfterMs);
  if (!error.retry || delayMs === undefined) {
    await failRendition(store, job, error);
    return settled;
  }
  const isOurs = await countRenditionAttempt(store, job);
  return isOurs ? { state: "again", delayMs } : settled;
}
