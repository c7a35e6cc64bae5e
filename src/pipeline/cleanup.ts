import { isTerminal } from "../assets/lifecycle.ts";
import { forgetRenditions } from "../assets/renditions.ts";
import { findGeneration } from "../assets/store.ts";
import { pruneVersions } from "../assets/versions.ts";
import type { Generation } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { toAppError } from "../errors.ts";
import type { JobHandler } from "../jobs/handler.ts";
import { pictureExtensions } from "../media/picture/picture.ts";
import { renditionFormats } from "../media/rendition-format.ts";
import type { Storage } from "../storage/storage.ts";
import { mediaKey, posterKey, renditionKey, sourceKey, workKey } from "./keys.ts";
import { cancelProviderWork, type ProviderWorkDeps } from "./provider-work.ts";

export interface CleanupDeps extends ProviderWorkDeps {
  readonly store: Store;
  readonly storage: Storage;
}

/**
 * The job that follows the end of a generation: a provider that still works for it is stopped,
 * what it left between its stages is removed, and of its asset's clips those that are too many.
 * The same job removes a clip that is not kept any more, or whose asset was deleted.
 */
export function createCleanup(deps: CleanupDeps): JobHandler {
  return {
    async run(job) {
      const generation = await findGeneration(deps.store.read, job.subject);
      if (!generation || !isTerminal(generation.state)) return { state: "done" };
      await stopProvider(deps, generation);
      for (const key of leftovers(generation)) await deps.storage.remove(key);
      if (generation.media_key === null) await forgetRenditions(deps.store, generation.id);
      if (generation.state === "ready" && generation.deleted_at === null) {
        await prune(deps.store, generation.asset_id);
      }
      return { state: "done" };
    },
    // What cannot be removed after that many crashes is left lying; it is only space.
    async exhausted() {
      return { state: "done" };
    },
  };
}

async function stopProvider(deps: CleanupDeps, generation: Generation): Promise<void> {
  if (generation.provider_reference === null) return;
  await cancelProviderWork(deps, generation);
  await deps.store.write(async (tx) => {
    await tx.query
      .updateTable("generations")
      .set({ provider_reference: null })
      .where("id", "=", generation.id)
      .execute();
  });
}

/** An asset that was deleted meanwhile has nothing to prune. */
async function prune(store: Store, assetId: string): Promise<void> {
  await store
    .write((tx) => pruneVersions(tx, assetId))
    .catch((thrown) => {
      if (toAppError(thrown).code !== "not_found") throw thrown;
    });
}

/** The clip, and all that may have been made of it. */
function served(generation: Generation): readonly string[] {
  const others = renditionFormats.map((format) => renditionKey(generation, format));
  return [mediaKey(generation), posterKey(generation), ...others];
}

/**
 * All that its stages may have stored. The row does not tell: a process that was killed between
 * storing and its commit, or a stage that failed half-way, left objects that no column names.
 */
function leftovers(generation: Generation): readonly string[] {
  const work = [
    ...pictureExtensions.map((extension) => sourceKey(generation, extension)),
    ...["stage1", "merge", "single"].map((stage) => workKey(generation, stage)),
  ];
  const isKept = generation.state === "ready" && generation.media_key !== null;
  return isKept ? work : [...work, ...served(generation)];
}
