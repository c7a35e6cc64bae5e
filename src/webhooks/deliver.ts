import type { Delivery } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { failpoint } from "../failpoint.ts";
import type { JobHandler, JobOutcome } from "../jobs/handler.ts";
import { type ClaimedJob, enqueue, finishJob } from "../jobs/queue.ts";
import type { Sealer } from "../projects/seal.ts";
import { type AttemptDeps, attemptDelivery } from "./attempt.ts";
import { deliverJob, findDue, nextDueInMs } from "./deliveries.ts";
import { findEndpoint, type WebhookEndpoint } from "./endpoint.ts";
import { createHandfuls, endpointsAtOnce, type Handfuls, perEndpointMax } from "./handfuls.ts";
import { giveUp, type RecordDeps, recordAttempt } from "./record.ts";

export interface DeliverDeps extends RecordDeps, AttemptDeps {
  readonly sealer: Sealer;
  readonly clock: RecordDeps["clock"] & AttemptDeps["clock"];
}

/** Messages that one run gives up, for an endpoint that is there no more. */
const givenUpAtOnce = 100;
/** When so many wait for a host that no more may. */
const crowdedDelayMs = 5000;

/**
 * Sends what waits for one endpoint, a handful at a time. There is one such job an endpoint, and
 * each run of it ends with the handful, behind the other endpoints in the line: however much waits
 * for one that is slow or dead, the others wait for a handful of theirs at most.
 */
export function createDeliver(given: DeliverDeps): JobHandler {
  const deps = { ...given, handfuls: createHandfuls() };
  return {
    concurrency: endpointsAtOnce,
    async run(job, signal) {
      const { store } = deps;
      const endpoint = await findEndpoint(deps, store.read, job.subject);
      if (!endpoint?.isEnabled) return endWaiting(deps, job, endpoint);
      const due = await findDue(store.read, job.subject, perEndpointMax, store.now);
      // Asked for when all is at hand: each that is sent counts before another endpoint asks.
      const handful = due.slice(0, deps.handfuls.sizeFor(job.subject));
      const sent = await Promise.allSettled(
        handful.map((delivery) => send(deps, endpoint, delivery, signal)),
      );
      signal.throwIfAborted();
      const failed = sent.find((outcome) => outcome.status === "rejected");
      if (failed) throw failed.reason;
      const isCrowded = sent.some((one) => one.status === "fulfilled" && !one.value);
      return hand(deps, job, (dueInMs) => Math.max(dueInMs, isCrowded ? crowdedDelayMs : 0));
    },
    async exhausted(job) {
      // Something about these takes the process down. Their turn is over, and others' comes.
      const { store } = deps;
      const due = await findDue(store.read, job.subject, perEndpointMax, store.now);
      for (const delivery of due) await recordAttempt(deps, delivery, lostToCrashes);
      return hand(deps, job, (dueInMs) => dueInMs);
    },
  };
}

/** Has what waits sent, where the job that would is lost: a fault that came again and again ends it. */
export async function resumeDeliveries(store: Store): Promise<void> {
  const lost = await store.read
    .selectFrom("deliveries")
    .select("project_id")
    .distinct()
    .where("next_attempt_at", "is not", null)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom("jobs")
            .select("jobs.id")
            .where("jobs.kind", "=", deliverJob)
            .whereRef("jobs.subject", "=", "deliveries.project_id"),
        ),
      ),
    )
    .execute();
  for (const { project_id: subject } of lost) {
    await store.write((tx) => enqueue(tx, { kind: deliverJob, subject }));
  }
}

const lostToCrashes = {
  isDelivered: false,
  responseCode: null,
  responseBodyPreview: null,
  latencyMs: 0,
  failure: {
    code: "webhook_unreachable",
    message: "the attempt was lost to crashes",
    detail: "the attempt was lost to crashes of this server",
    retryAfterMs: undefined,
  },
} as const;

/** @returns false when there was no room to send it. */
async function send(
  deps: DeliverDeps & { readonly handfuls: Handfuls },
  endpoint: WebhookEndpoint,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<boolean> {
  const message = { id: delivery.event_id, body: delivery.payload };
  const attempt = await deps.handfuls.during(endpoint.projectId, () =>
    attemptDelivery(deps, endpoint, message, signal),
  );
  if (!attempt) return false;
  failpoint("after_webhook_sent");
  // The endpoint may have moved since the message was made: this is where it went.
  await recordAttempt(deps, { ...delivery, url: endpoint.url }, attempt);
  return true;
}

/** No more is sent to an endpoint that was switched off, removed, or whose project is gone. */
async function endWaiting(
  deps: DeliverDeps,
  job: ClaimedJob,
  endpoint: WebhookEndpoint | undefined,
): Promise<JobOutcome> {
  const why = endpoint ? "webhooks were switched off" : "the endpoint was removed";
  const waiting = await deps.store.read
    .selectFrom("deliveries")
    .selectAll()
    .where("project_id", "=", job.subject)
    .where("next_attempt_at", "is not", null)
    .limit(givenUpAtOnce)
    .execute();
  for (const delivery of waiting) await giveUp(deps, delivery, why);
  return hand(deps, job, () => 0);
}

/** Ends this run, and queues the next where something waits still. */
async function hand(
  { store }: DeliverDeps,
  job: ClaimedJob,
  delayOf: (dueInMs: number) => number,
): Promise<JobOutcome> {
  await store.write(async (tx) => {
    if (!(await finishJob(tx, job))) return;
    const dueInMs = await nextDueInMs(tx, job.subject);
    if (dueInMs === undefined) return;
    await enqueue(tx, { kind: deliverJob, subject: job.subject, delayMs: delayOf(dueInMs) });
  });
  return { state: "settled" };
}
