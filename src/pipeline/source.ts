import { failpoint } from "../failpoint.ts";
import { inspectPicture } from "../media/picture/picture.ts";
import { sourceKey } from "./keys.ts";
import type { Stage } from "./stage.ts";

/** Fetches the source once, checks by its bytes what it is, and stores it for the later stages. */
export const fetchSource: Stage<"source"> = async (deps, context) => {
  const path = context.scratch.path("source");
  await deps.sources.read(context.asset.src_url, path, {
    signal: context.signal,
    allowedOrigins: context.allowedOrigins,
  });
  failpoint("after_source_fetched");
  const picture = await inspectPicture(path);
  const key = sourceKey(context.generation, picture.extension);
  const stored = await deps.storage.put(key, Bun.file(path), {
    contentType: picture.contentType,
    signal: context.signal,
  });
  failpoint("after_source_stored");
  return { event: "fetched", changes: { source_key: key, source_sha256: stored.sha256 } };
};
