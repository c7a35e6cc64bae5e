import { isTerminal } from "../assets/lifecycle.ts";
import { forgetRenditions } from "../assets/renditions.ts";
import { findGeneration } from "../assets/store.ts";
import type { Generation } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import type { JobHandler } from "../jobs/runner.ts";
import { pictureExtensions } from "../media/picture.ts";
import { renditionFormats } from "../media/rendition-format.ts";
import type { Storage } from "../storage/storage.ts";
import { mediaKey, posterKey, renditionKey, sourceKey, workKey } from "./keys.ts";

/** The job that removes what an ended generation left between its stages. */
export function createCleanup(deps: {
  readonly store: Store;
  readonly storage: Storage;
}): JobHandler {
  return {
    async run(job) {
      const generation = await findGeneration(deps.store.read, job.subject);
      if (generation && isTerminal(generation.state)) {
        for (const key of leftovers(generation)) await deps.storage.remove(key);
      if (generation.media_key === null) await forgetRenditions(deps.store, generation.id);
      }
      return { state: "done" };
    },
    // What cannot be removed after that many crashes is left lying; it is only space.
    async exhausted() {
      return { state: "done" };
    },
  };
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
  if (generation.state === "ready") return work;
  return [...work, ...served(generation)];
}
