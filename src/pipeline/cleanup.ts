import { isTerminal } from "../assets/lifecycle.ts";
import { findGeneration } from "../assets/store.ts";
import type { Store } from "../db/store.ts";
import type { JobHandler } from "../jobs/runner.ts";
import type { Storage } from "../storage/storage.ts";
import { workKey } from "./keys.ts";

/** The job that removes what an ended generation left between its stages. */
export function createCleanup(deps: {
  readonly store: Store;
  readonly storage: Storage;
}): JobHandler {
  return {
    async run(job) {
      const generation = await findGeneration(deps.store.read, job.subject);
      if (generation && isTerminal(generation.state)) {
        const stages = ["stage1", "stage2", "merge", "single"];
        const keys = stages.map((stage) => workKey(generation, stage));
        if (generation.source_key !== null) keys.push(generation.source_key);
        for (const key of keys) await deps.storage.remove(key);
      }
      return { state: "done" };
    },
    // What cannot be removed after that many crashes is left lying; it is only space.
    async exhausted() {
      return { state: "done" };
    },
  };
}
