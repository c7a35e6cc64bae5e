import {
  isTerminal,
  isWorking,
  nextState,
  parseState,
  type WorkingState,
} from "../assets/lifecycle.ts";
import { projectDeleted } from "../assets/project-end.ts";
import type { AssetView } from "../assets/request.ts";
import { findAssetView, findGeneration } from "../assets/store.ts";
import { cleanupJob, type Move, type TransitionDeps, transition } from "../assets/transition.ts";
import { parseStoredBrand } from "../brand/brand.ts";
import { brandBlock } from "../brand/prompt.ts";
import type { Clock } from "../clock.ts";
import type { Generation, GenerationChanges, Project } from "../db/schema.ts";
import { AppError, toAppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { retryDelayMs, stageDelaysMs } from "../jobs/backoff.ts";
import type { JobHandler, JobOutcome } from "../jobs/handler.ts";
import { beatJob, type ClaimedJob, enqueue } from "../jobs/queue.ts";
import { leaseMs } from "../jobs/runner.ts";
import { findProject } from "../projects/project.ts";
import { cancelProviderWork } from "./provider-work.ts";
import { withScratch } from "./scratch.ts";
import type { PipelineDeps, Stage, StageOutcome } from "./stage.ts";
import { stages } from "./stages.ts";
import { watchGeneration } from "./watch.ts";

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
      const begun = await announceStart(deps, generation, state, job);
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
  job: ClaimedJob,
): Promise<Generation | undefined> {
  if (generation.stage_started_at !== null || nextState(state, "started") === undefined) {
    return generation;
  }
  await transition(deps, { generation, event: "started", job });
  const begun = await findGeneration(deps.store.read, generation.id);
  // Said by an earlier holder of the job meanwhile, it counts as well.
  return begun?.state === state && begun.stage_started_at !== null ? begun : undefined;
}

async function step(
  deps: AdvanceDeps,
  generation: Generation,
  state: WorkingState,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const view = await findAssetView(deps.store.read, generation.asset_id);
  const project = await findProject(deps.store.read, generation.project_id);
  if (project && project.deleted_at !== null) {
    // Started while the project was being deleted: nobody could fetch what this would make.
    await move(deps, { generation, event: "cancelled", failure: projectDeleted, job });
    return settled;
  }
  const watch = watchGeneration(deps, generation);
  const result = await attempt(deps, state, {
    generation,
    view,
    project,
    signal: AbortSignal.any([signal, watch.signal]),
  })
    .catch(async (thrown) => {
      if (!watch.signal.aborted || signal.aborted) throw thrown;
      await cleanUp(deps, generation);
      return undefined;
    })
    .finally(watch.end);
  if (!result) return settled;
  // From here on a failure is the database's: it costs the stage no attempt, and the runner waits.
  if (result instanceof AppError) {
    await retryOrEnd(deps, generation, job, result);
  } else if ("waitMs" in result) {
    await saveProgress(deps, generation, job, result.changes);
    return { state: "again", delayMs: result.waitMs };
  } else {
    await move(deps, { generation, event: result.event, changes: result.changes, job });
    failpoint("after_step_committed");
  }
  return settled;
}

interface Attempt {
  readonly generation: Generation;
  readonly view: AssetView | undefined;
  readonly project: Project | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs the stage within its time.
 * @returns its outcome, or what it failed with. Throws only when the job is taken from us.
 */
async function attempt(
  deps: AdvanceDeps,
  state: WorkingState,
  { signal, ...work }: Attempt,
): Promise<StageOutcome<WorkingState> | AppError> {
  const limit = new AbortController();
  const stopTimer = deps.clock.schedule(stages[state].timeoutMs, () => limit.abort());
  try {
    return await runStage(deps, state, {
      ...work,
      signal: AbortSignal.any([signal, limit.signal]),
    });
  } catch (thrown) {
    // The runner is draining or the lease was lost: the job is not ours to judge any more.
    if (signal.aborted) throw thrown;
    const error = limit.signal.aborted ? timeoutError(state, thrown) : stageError(state, thrown);
    const { code } = error;
    deps.log.warn("stage_failed", { generation: work.generation.id, state, code, error });
    return error;
  } finally {
    stopTimer();
  }
}

async function runStage(
  deps: AdvanceDeps,
  state: WorkingState,
  { generation, view, project, signal }: Attempt,
): Promise<StageOutcome<WorkingState>> {
  if (!view || !project) throw new AppError("cancelled", "the asset was deleted");
  return withScratch(deps.scratchRoot, (scratch) =>
    // The row and the state belong together; only the union of all rows hides it from the compiler.
    (stages[state].run as Stage<WorkingState>)(deps, {
      asset: view.asset,
      generation,
      allowedOrigins: JSON.parse(project.allowed_origins) as string[],
      brand: brandBlock(parseStoredBrand(project.brand)),
      scratch,
      signal,
    }),
  );
}

/**
 * Written by the holder of the job only: another one's reference must not be replaced. Work that
 * was begun for a generation which ended meanwhile is nobody's, and is stopped.
 */
async function saveProgress(
  deps: AdvanceDeps,
  generation: Generation,
  job: ClaimedJob,
  changes: GenerationChanges,
): Promise<void> {
  const isSaved = await deps.store.write(async (tx) => {
    if (!(await beatJob(tx, job, leaseMs))) return false;
    const saved = await tx.query
      .updateTable("generations")
      .set({ ...changes, progressed_at: tx.now })
      .where("id", "=", generation.id)
      .where("state", "=", generation.state)
      .returning("id")
      .executeTakeFirst();
    return saved !== undefined;
  });
  if (isSaved) return;
  const now = await findGeneration(deps.store.read, generation.id);
  // Another holder of the job may be waiting for the very same work.
  const isOurs = now?.provider_reference !== changes.provider_reference;
  if (!now || isOurs || isTerminal(now.state)) {
    const { provider = null, provider_reference: reference = null } = changes;
    await cancelProviderWork(deps, { id: generation.id, provider, provider_reference: reference });
  }
}

/**
 * Makes the move at the end of a stage. One that is refused came too late, perhaps after what the
 * generation left was removed: then what the stage has stored since is left, too.
 */
async function move(deps: AdvanceDeps, ending: Move): Promise<void> {
  if (!(await transition(deps, ending))) await cleanUp(deps, ending.generation);
}

/** Has what a stage left removed once more: it may have stored it after the end. */
async function cleanUp(deps: AdvanceDeps, { id }: Generation): Promise<void> {
  await deps.store.write((tx) => enqueue(tx, { kind: cleanupJob, subject: id }));
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
  await move(deps, {
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
  await move(deps, { generation, event: "failed", failure, job });
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
