import { failpoint } from "../failpoint.ts";
import { closeLoop } from "../loop/merge.ts";
import { copyWork } from "./generation.ts";
import { workKey } from "./keys.ts";
import type { Stage } from "./stage.ts";

/** Packages the proven loop for playing from its first byte on. */
export const mergeLoop: Stage<"merge"> = async (deps, context) => {
  const clip = await copyWork(deps, context);
  const merged = context.scratch.path("merged.mp4");
  const method = await closeLoop(deps.media, { from: clip, to: merged, signal: context.signal });
  const key = workKey(context.generation, "merge");
  await deps.storage.put(key, Bun.file(merged), {
    contentType: "video/mp4",
    signal: context.signal,
  });
  failpoint("after_merge_stored");
  return { event: "merged", changes: { work_key: key, ...method } };
};
