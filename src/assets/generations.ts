import { createHash } from "node:crypto";
import type { Asset, Generation } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { append } from "../events/log.ts";
import { enqueue } from "../jobs/queue.ts";
import { checkProjectCaps } from "../projects/caps.ts";
import { reserveGeneration } from "../projects/quota.ts";
import { initialState } from "./lifecycle.ts";

/** The job kind that works a generation through its stages. */
export const generationJob = "generation";

export interface GenerationStart {
  readonly id: string;
  readonly asset: Asset;
  readonly ownerId: string;
  readonly overageEnabled: boolean;
  readonly requestId: string;
  readonly nowMs: number;
  /** In place of the asset's own prompt, for this generation only. */
  readonly promptOverride?: string | undefined;
  /** How a used-up month is told; the public pages have two texts. */
  readonly limitMessage?: string;
}

/**
 * Starts the asset's next generation in an open transaction: charges the owner, writes the row,
 * makes it the asset's newest, says `queued` and queues the first job.
 * @throws AppError `limit_reached` when the owner's plan or project has nothing left,
 * `invalid_request` when it does not allow the asset's aspect.
 */
export async function startGeneration(tx: Tx, start: GenerationStart): Promise<Generation> {
  const { asset } = start;
  const number = asset.generation_count + 1;
  const generation = await tx.query
    .insertInto("generations")
    .values({
      ...emptyGeneration,
      ...generationOf(start, number),
      created_at: tx.now,
      progressed_at: tx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  // By the row's own time: a charge that is given back must be found in the month it was made in.
  const terms = await reserveGeneration(tx, start, generation.created_at);
  await checkProjectCaps(tx, asset.project_id, generation.created_at);
  if (asset.aspect !== "preserve" && !terms.allowsAspects) {
    throw new AppError("invalid_request", "aspect requires Pro");
  }
  await tx.query
    .updateTable("assets")
    .set({
      newest_generation_id: generation.id,
      generation_count: number,
      updated_at: tx.now,
      status: "pending",
    })
    .where("id", "=", asset.id)
    .execute();
  await append(tx, {
    projectId: asset.project_id,
    assetId: asset.id,
    generationId: generation.id,
    type: "queued",
    payload: {
      ts: start.nowMs,
      asset_id: asset.id,
      attempt: 1,
      request_id: start.requestId,
    },
  });
  await enqueue(tx, { kind: generationJob, subject: generation.id });
  return generation;
}

/**
 * The seed of a generation: the asset's own when it was given one, else 31 bits derived from the
 * asset and the generation's number, so that each plain regenerate is another take.
 */
export function generationSeed(asset: Pick<Asset, "id" | "seed">, number: number): number {
  if (asset.seed !== null) return asset.seed;
  const digest = createHash("sha256").update(`${asset.id}:${number}`).digest();
  return digest.readUInt32BE(0) >>> 1;
}

/**
 * What a generation was asked for, as its asset has it while its clip is the one that is served. A
 * seed that was derived is none that was asked for.
 */
export function optionsOf({ asset_id: id, number, motion, mode, dur_seconds, seed }: Generation) {
  const isDerived = seed === generationSeed({ id, seed: null }, number);
  return { motion, mode, dur_seconds, seed: isDerived ? null : seed };
}

function generationOf(start: GenerationStart, number: number) {
  const { asset } = start;
  return {
    id: start.id,
    asset_id: asset.id,
    project_id: asset.project_id,
    number,
    state: initialState,
    motion: asset.motion,
    mode: asset.mode,
    dur_seconds: asset.dur_seconds,
    prompt: start.promptOverride ?? asset.prompt,
    seed: generationSeed(asset, number),
    aspect: asset.aspect,
    request_id: start.requestId,
    charged: 1,
  } as const;
}

const emptyGeneration = {
  provider: null,
  model: null,
  provider_reference: null,
  vision_prompt: null,
  plan: null,
  sight: null,
  source_key: null,
  source_sha256: null,
  work_key: null,
  loop_mode: null,
  loop_method: null,
  seam: null,
  media_key: null,
  media_sha256: null,
  bytes: null,
  width: null,
  height: null,
  fps: null,
  frames: null,
  poster_key: null,
  poster_sha256: null,
  thumbhash: null,
  cost_usd_micros: 0,
  stage_attempts: 0,
  stage_started_at: null,
  error_code: null,
  error_msg: null,
  started_at: null,
  ended_at: null,
} as const;
