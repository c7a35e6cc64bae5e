import { ulid } from "ulid";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { ProjectUser } from "../projects/change.ts";
import { getProjectFor } from "../projects/roles.ts";
import type { Sealer } from "../projects/seal.ts";
import { type Attempt, type AttemptDeps, attemptDelivery, goneStatus } from "./attempt.ts";
import { insertEndedDelivery } from "./deliveries.ts";
import { endpointOf } from "./endpoint.ts";
import type { Envelope } from "./envelope.ts";
import { switchEndpoint } from "./settings.ts";

export interface SendTestDeps extends AttemptDeps {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly createId: () => string;
}

export interface TestOutcome {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly attempt: Attempt;
}

export const testEventType = "asset.test";

/**
 * Sends a message that tells of nothing, once and now, whether webhooks are on or not. The first
 * one that an endpoint takes switches them on; one that it says it is gone to switches them off.
 * @throws AppError `not_found`, `forbidden`; `conflict` when there is no endpoint; `unavailable`
 * when too many wait for its host.
 */
export async function sendTest(
  deps: SendTestDeps,
  who: ProjectUser,
  { requestId, signal }: { readonly requestId: string; readonly signal: AbortSignal },
): Promise<TestOutcome> {
  const { store, sealer, clock, createId } = deps;
  const { project } = await getProjectFor(store.read, who, "editor");
  const endpoint = endpointOf(project, sealer, clock.now());
  if (!endpoint) throw new AppError("conflict", "there is no endpoint to test: set a URL first");
  const envelope: Envelope = {
    id: `evt_${ulid(clock.now())}`,
    type: testEventType,
    ts: clock.now(),
    asset_id: null,
    project_id: who.projectId,
    request_id: requestId,
    data: { message: "This is a test. What happens to assets will look like it." },
  };
  const message = { id: envelope.id, body: JSON.stringify(envelope) };
  const attempt = await attemptDelivery(deps, endpoint, message, signal);
  if (!attempt)
    throw new AppError("unavailable", "too many requests wait for this endpoint's host");
  const deliveryId = createId();
  await store.write(async (tx) => {
    if (attempt.responseCode === goneStatus) await switchEndpoint(tx, endpoint, false);
    if (attempt.isDelivered && !(await wasTested(tx, endpoint))) {
      await switchEndpoint(tx, endpoint, true);
    }
    await insertEndedDelivery(tx, {
      ...{ id: deliveryId, projectId: who.projectId, assetId: null, url: endpoint.url },
      ...{ eventId: message.id, eventType: testEventType, payload: message.body },
      ...attempt,
      error: attempt.failure?.detail ?? null,
    });
  });
  return { deliveryId, eventId: message.id, attempt };
}

/** Whether a test has got there before: who has switched webhooks off since then meant it. */
async function wasTested(
  tx: Tx,
  { projectId, url }: { readonly projectId: string; readonly url: string },
): Promise<boolean> {
  const delivered = await tx.query
    .selectFrom("deliveries")
    .select("id")
    .where("project_id", "=", projectId)
    .where("event_type", "=", testEventType)
    .where("status", "=", "delivered")
    .where("url", "=", url)
    .limit(1)
    .executeTakeFirst();
  return delivered !== undefined;
}
