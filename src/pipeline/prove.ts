import { failpoint } from "../failpoint.ts";
import { describeSeam } from "../loop/seam.ts";
import { copyWork } from "./generation.ts";
import type { Stage } from "./stage.ts";

/** Decodes the encoded loop and measures how it returns to its start. */
export const proveReturn: Stage<"stage2"> = async (deps, context) => {
  const clip = await copyWork(deps, context);
  const seam = await deps.measureSeam(clip, context.signal);
  failpoint("after_seam_measured");
  return {
    event: "rendered",
    changes: { seam: JSON.stringify(describeSeam(seam)) },
  };
};
