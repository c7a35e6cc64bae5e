import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { ProjectUser } from "../projects/change.ts";
import { getProjectFor } from "../projects/roles.ts";
import { getDelivery } from "./deliveries.ts";
import { dispatchDelivery } from "./fan-out.ts";

export interface RedeliverDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly createId: () => string;
}

/**
 * Sends a message again, as a delivery of its own with attempts of its own: same id and body, so
 * that a receiver who has it already can tell. It goes to where the endpoint is now.
 * @returns the new delivery's id.
 * @throws AppError `not_found`, `forbidden`; `conflict` while webhooks are off.
 */
export async function redeliver(
  deps: RedeliverDeps,
  who: ProjectUser,
  deliveryId: string,
): Promise<string> {
  return deps.store.write(async (tx) => {
    const { project } = await getProjectFor(tx.query, who, "editor");
    const old = await getDelivery(tx.query, { ...who, deliveryId });
    const { webhook_url: url, webhooks_enabled: isEnabled } = project;
    if (url === null || isEnabled === 0) {
      throw new AppError("conflict", "webhooks are off: switch them on, then deliver again");
    }
    const id = deps.createId();
    const isDispatched = await dispatchDelivery(deps, tx, {
      id,
      projectId: who.projectId,
      assetId: old.asset_id,
      eventId: old.event_id,
      eventType: old.event_type,
      url,
      payload: old.payload,
    });
    if (!isDispatched) throw new AppError("not_found", "not found");
    return id;
  });
}
