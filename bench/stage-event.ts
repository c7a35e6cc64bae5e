import { systemClock } from "../src/clock.ts";
import type { Generation } from "../src/db/schema.ts";
import type { Tx } from "../src/db/store.ts";
import { append } from "../src/events/log.ts";

/**
 * Appends an event such as the pipeline writes most of. What a benchmark looks for in it travels
 * as the request's id, the one key of the payload that is free text.
 */
export async function appendStageEvent(
  tx: Tx,
  generation: Generation,
  requestId: string,
): Promise<void> {
  await append(tx, {
    projectId: generation.project_id,
    assetId: generation.asset_id,
    generationId: generation.id,
    type: "stage_started",
    payload: {
      stage: "stage1",
      asset_id: generation.asset_id,
      attempt: 1,
      request_id: requestId,
      ts: systemClock.now(),
    },
  });
}
