import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { closeLoop } from "../loop/merge.ts";
import { copyWork } from "./generation.ts";
import { workKey } from "./keys.ts";
import type { Stage } from "./stage.ts";

/** Packages the proven loop for playing from its first byte on. */
export const mergeLoop: Stage<"merge"> = async (deps, context) => {
  const clip = await copyWork(deps, context);
  const merged = context.scratch.path("merged.mp4");
  const files = { from: clip, to: merged, signal: context.signal };
  const method = await closeLoop(deps.media, files).catch(refuseMerge);
  const key = workKey(context.generation, "merge");
  await deps.storage.put(key, Bun.file(merged), {
    contentType: "video/mp4",
    signal: context.signal,
  });
  failpoint("after_merge_stored");
  return { event: "merged", changes: { work_key: key, ...method } };
};

/** ffmpeg's failure under the public code of this stage: its advice is another mode. */
function refuseMerge(cause: unknown): never {
  const isOfMedia = cause instanceof AppError && /^i2v_(failed|timeout)$/.test(cause.code);
  if (!isOfMedia) throw cause;
  throw new AppError("merge_failed", cause.message, { cause, retry: cause.retry });
}
