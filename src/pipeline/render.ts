import type { Generation } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { MotionProvider, MotionRequest } from "../providers/motion.ts";
import { aspectOf, copySource, modeOf, motionOf, planOf } from "./generation.ts";
import { workKey } from "./keys.ts";
import type { PipelineDeps, Stage, StageContext, StageOutcome } from "./stage.ts";

type RenderState = "stage1" | "single";

/** The stage that asks the motion provider for one clip: the first of a loop, or the only one. */
export const renderFirst: Stage<"stage1"> = (deps, context) => render(deps, context, "stage1");
export const renderSingle: Stage<"single"> = (deps, context) => render(deps, context, "single");

/** The provider that this generation began with, or the preferred one when it has not begun. */
function providerOf(deps: PipelineDeps, generation: Generation): MotionProvider {
  if (generation.provider === null) return deps.motion[0];
  const provider = deps.motion.find((candidate) => candidate.name === generation.provider);
  if (provider) return provider;
  throw new AppError(
    "i2v_failed",
    `the motion provider ${generation.provider} is not configured any more`,
  );
}

/** Begins or resumes the provider's work and stores the clip once it is there. */
async function render<S extends RenderState>(
  deps: PipelineDeps,
  context: StageContext,
  stage: S,
): Promise<StageOutcome<S>> {
  const { generation, scratch } = context;
  const provider = providerOf(deps, generation);
  const request = await requestOf(deps, context, stage);
  const motionContext = { signal: context.signal };
  const reference = generation.provider_reference;
  const outcome =
    reference === null
      ? await provider.begin(request, motionContext)
      : await provider.resume(reference, request, motionContext);
  if (outcome.state === "running") {
    return {
      waitMs: outcome.waitMs,
      changes: { provider: provider.name, provider_reference: outcome.reference },
    };
  }
  failpoint("after_stage_rendered");
  const key = workKey(generation, stage);
  await deps.storage.put(key, Bun.file(scratch.path("clip.mp4")), {
    contentType: "video/mp4",
    signal: context.signal,
  });
  failpoint("after_stage_stored");
  return {
    event: "rendered",
    changes: {
      work_key: key,
      provider: provider.name,
      model: provider.model,
      provider_reference: null,
      cost_usd_micros: generation.cost_usd_micros + outcome.costUsdMicros,
    },
  } as StageOutcome<S>;
}

async function requestOf(
  deps: PipelineDeps,
  context: StageContext,
  stage: RenderState,
): Promise<MotionRequest> {
  const { generation, scratch } = context;
  return {
    generationId: generation.id,
    stage,
    sourcePath: await copySource(deps, context),
    outputPath: scratch.path("clip.mp4"),
    prompt: generation.vision_prompt ?? "",
    plan: planOf(generation),
    motion: motionOf(generation),
    mode: modeOf(generation),
    aspect: aspectOf(generation),
    durationSeconds: generation.dur_seconds,
    seed: generation.seed,
  };
}
