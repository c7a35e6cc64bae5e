import { dropUpload, findRemovableUpload } from "../assets/uploads.ts";
import type { Store } from "../db/store.ts";
import type { JobHandler } from "../jobs/handler.ts";
import type { Storage } from "../storage/storage.ts";

/** The job that removes the bytes and then the row of an upload that is deleted, or half made. */
export function createUploadCleanup(deps: {
  readonly store: Store;
  readonly storage: Storage;
}): JobHandler {
  const remove = async (key: string) => {
    if (await findRemovableUpload(deps.store.read, key)) {
      await deps.storage.remove(key);
      await dropUpload(deps.store, key);
    }
    return { state: "done" } as const;
  };
  return {
    run: (job) => remove(job.subject),
    exhausted: (job) => remove(job.subject),
  };
}
