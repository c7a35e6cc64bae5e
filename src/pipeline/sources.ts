import { AppError } from "../errors.ts";
import type { GuardedClient } from "../net/client.ts";
import type { Storage } from "../storage/storage.ts";
import type { SourceReader } from "./stage.ts";

export interface SourceReaderDeps {
  readonly client: GuardedClient;
  readonly storage: Storage;
  /** The storage key of an own upload's URL, or undefined for any other URL. */
  readonly findUploadKey: (src: string) => string | undefined;
}

/** Own uploads are read from storage, never over HTTP; all else goes through the guarded client. */
export function createSourceReader(deps: SourceReaderDeps): SourceReader {
  return {
    async read(src, path, options) {
      const key = deps.findUploadKey(src);
      if (key === undefined) return deps.client.download(src, path, options);
      const opened = await deps.storage.open(key);
      if (!opened) {
        throw new AppError("source_unfetchable", "there is no such upload on this server");
      }
      await Bun.write(path, new Response(opened.body));
    },
  };
}
