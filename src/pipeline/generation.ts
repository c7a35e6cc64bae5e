import type { Generation } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import {
  type Aspect,
  aspects,
  type Mode,
  type Motion,
  modes,
  motions,
  type Plan,
} from "../scene/plan.ts";
import type { PipelineDeps, StageContext } from "./stage.ts";

/** The typed readings of a generation's text columns; an unknown value is a broken row. */
export function modeOf(generation: Generation): Mode {
  return memberOf(modes, generation.mode, "mode");
}

export function motionOf(generation: Generation): Motion {
  return memberOf(motions, generation.motion, "motion");
}

export function aspectOf(generation: Generation): Aspect {
  return memberOf(aspects, generation.aspect, "aspect");
}

export function planOf(generation: Generation): Plan {
  return JSON.parse(required(generation.plan, "plan")) as Plan;
}

/** Copies the stored source into the step's scratch folder. */
export function copySource(deps: PipelineDeps, context: StageContext): Promise<string> {
  const key = required(context.generation.source_key, "source_key");
  return context.scratch.copyIn(deps.storage, key, "source");
}

/** Copies the clip that the stage before left into the step's scratch folder. */
export function copyWork(deps: PipelineDeps, context: StageContext): Promise<string> {
  const key = required(context.generation.work_key, "work_key");
  return context.scratch.copyIn(deps.storage, key, "work.mp4");
}

/** A column that an earlier stage must have filled. */
function required(value: string | null, column: string): string {
  if (value === null) {
    throw new AppError("internal", "internal error", {
      cause: new Error(`the generation reached this stage without ${column}`),
    });
  }
  return value;
}

function memberOf<T extends string>(members: readonly T[], value: string, column: string): T {
  const member = members.find((candidate) => candidate === value);
  if (member === undefined) {
    throw new AppError("internal", "internal error", {
      cause: new Error(`the generation's ${column} is ${JSON.stringify(value)}`),
    });
  }
  return member;
}
