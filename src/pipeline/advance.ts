import { isWorking, nextState, parseState, type WorkingState } from "../assets/lifecycle.ts";
import { findAssetView, findGeneration } from "../assets/store.ts";
import { type TransitionDeps, transition } from "../assets/transition.ts";
import type { Clock } from "../clock.ts";
import type { Generation, GenerationChanges } from "../db/schema.ts";
import { AppError, toAppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { retryDelayMs, stageDelaysMs } from "../jobs/backoff.ts";
import type { ClaimedJob } from "../jobs/queue.ts";
import type { JobHandler, JobOutcome } from "../jobs/runner.ts";
import { findProject } from "../projects/project.ts";
import { withScratch } from "./scratch.ts";
import type { PipelineDeps, Stage, StageOutcome } from "./stage.ts";
import { stages } from "./stages.ts";

export interface AdvanceDeps extends PipelineDeps, TransitionDeps {
  readonly clock: Clock;
}

const settled: JobOutcome = { state: "settled" };

/** The job that moves one generation by one step. */
export function createAdvance(deps: AdvanceDeps): JobHandler {
  return {
    async run(job, signal) {
      const generation = await findGeneration(deps.store.read, job.subject);
      const state = generation && parseState(generation.state);
      // Cancelled, deleted or already moved: the job is about something that is over.
      if (!generation || !state || !isWorking(state)) return { state: "done" };
      const begun = await announceStart(deps, generation, state);
      return begun ? step(deps, begun, state, job, signal) : { state: "done" };
    },
    /** A generation whose jobs keep dying takes the process with it no more. */
    async exhausted(job) {
      const generation = await findGeneration(deps.store.read, job.subject);
      const state = generation && parseState(generation.state);
      if (!generation || !state || !isWorking(state)) return { state: "done" };
      const message = "the work was lost to crashes again and again";
      await end(deps, generation, job, new AppError("pipeline_stalled", message));
      return settled;
    },
  };
}

/** Says `started` once a stage, however often its job is claimed again. */
async function announceStart(
  deps: AdvanceDeps,
  generation: Generation,
  state: WorkingState,
): Promise<Generation | undefined> {
  if (generation.stage_started_at !== null || nextState(state, "started") === undefined) {
    return generation;
  }
  if (!(await transition(deps, { generation, event: "started" }))) return undefined;
  return findGeneration(deps.store.read, generation.id);
}

async function step(
  deps: AdvanceDeps,
  generation: Generation,
  state: WorkingState,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const limit = new AbortController();
  const stopTimer = deps.clock.schedule(stages[state].timeoutMs, () => limit.abort());
  const eitherSignal = AbortSignal.any([signal, limit.signal]);
  try {
    const outcome = await runStage(deps, generation, state, eitherSignal);
    if ("waitMs" in outcome) {
      await saveProgress(deps, generation, outcome.changes);
      return { state: "again", delayMs: outcome.waitMs };
    }
    await transition(deps, { generation, event: outcome.event, changes: outcome.changes, job });
    failpoint("after_step_committed");
  } catch (thrown) {
    // The runner is draining or the lease was lost: the job is not ours to judge any more.
    if (signal.aborted) throw thrown;
    const error = limit.signal.aborted ? timeoutError(state, thrown) : stageError(state, thrown);
    deps.log.warn("stage_failed", {
      generation: generation.id,
      state,
      code: error.code,
      error,
    });
    await retryOrEnd(deps, generation, job, error);
  } finally {
    stopTimer();
  }
  return settled;
}

async function runStage(
  deps: AdvanceDeps,
  generation: Generation,
  state: WorkingState,
  signal: AbortSignal,
): Promise<StageOutcome<WorkingState>> {
  const view = await findAssetView(deps.store.read, generation.asset_id);
  const project = await findProject(deps.store.read, generation.project_id);
  if (!view || !project) throw new AppError("cancelled", "the asset was deleted");
  return withScratch(deps.scratchRoot, (scratch) =>
    // The row and the state belong together; only the union of all rows hides it from the compiler.
    (stages[state].run as Stage<WorkingState>)(deps, {
      asset: view.asset,
      generation,
      allowedOrigins: JSON.parse(project.allowed_origins) as string[],
      brand: project.brand ?? undefined,
      scratch,
      signal,
    }),
  );
}

async function saveProgress(
  deps: AdvanceDeps,
  generation: Generation,
  changes: GenerationChanges,
): Promise<void> {
  await deps.store.write((tx) =>
    tx.query
      .updateTable("generations")
      .set({ ...changes, progressed_at: tx.now })
      .where("id", "=", generation.id)
      .where("state", "=", generation.state)
      .execute(),
  );
}

async function retryOrEnd(
  deps: AdvanceDeps,
  generation: Generation,
  job: ClaimedJob,
  error: AppError,
): Promise<void> {
  const attempts = generation.stage_attempts + 1;
  const delayMs = retryDelayMs(stageDelaysMs, attempts, error.retryAfterMs);
  if (!error.retry || delayMs === undefined) return end(deps, generation, job, error);
  await transition(deps, {
    generation,
    event: "retried",
    failure: { code: error.code, message: error.message },
    job,
    delayMs,
  });
}

async function end(
  deps: AdvanceDeps,
  generation: Generation,
  job: ClaimedJob,
  error: AppError,
): Promise<void> {
  const failure = { code: error.code, message: error.message };
  await transition(deps, { generation, event: "failed", failure, job });
}

function timeoutError(state: WorkingState, cause: unknown): AppError {
  const { timeoutCode, timeoutMs } = stages[state];
  const message = `not finished after ${timeoutMs / 1000} seconds`;
  return new AppError(timeoutCode, message, { cause, retry: true });
}

/** A failure under the code the public pages promise for its stage. */
function stageError(state: WorkingState, thrown: unknown): AppError {
  const error = toAppError(thrown);
  if (error.code !== "internal" && error.code !== "unavailable") return error;
  return new AppError(stages[state].failureCode, error.message, { cause: thrown, retry: true });
}
