import { failpoint } from "../failpoint.ts";
import { copySource, modeOf, motionOf } from "./generation.ts";
import type { Stage } from "./stage.ts";

/** Looks at the source: a prompt, a plan for the camera, or a refusal. */
export const describeSource: Stage<"vision"> = async (deps, context) => {
  const { generation } = context;
  const mode = modeOf(generation);
  const result = await deps.vision.describe(
    {
      sourcePath: await copySource(deps, context),
      motion: motionOf(generation),
      mode,
      prompt: generation.prompt ?? undefined,
      brand: context.brand,
    },
    context.signal,
  );
  failpoint("after_vision");
  return {
    event: mode === "loop" ? "described_loop" : "described_single",
    changes: {
      vision_prompt: result.prompt,
      plan: JSON.stringify(result.plan),
      sight: JSON.stringify(result.sight),
    },
  };
};
