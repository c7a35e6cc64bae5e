import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { JobHandler } from "../jobs/handler.ts";
import { enqueue } from "../jobs/queue.ts";
import { holdProject, type ProjectUser } from "../projects/change.ts";
import { demoProjectId } from "../projects/demo.ts";
import { findProject } from "../projects/project.ts";
import { workingStates } from "./lifecycle.ts";
import { type TransitionDeps, transition } from "./transition.ts";

/** The job kind that stops what a deleted project still has running. */
export const projectEndJob = "project_end";

/** Generations that one run cancels; the next run takes the rest. */
const batchMax = 100;

/**
 * Deletes a project: its key is refused from this commit on, and its running generations are
 * cancelled, because nobody could fetch what they make. Finished clips stay where they are.
 * @throws AppError `not_found`; `forbidden` for anyone but the owner, and for the demo's project.
 */
export async function deleteProject(store: Store, who: ProjectUser): Promise<void> {
  await store.write(async (tx) => {
    await holdProject(tx, who, "owner");
    if (who.projectId === demoProjectId) {
      throw new AppError("forbidden", "the demo project cannot be deleted");
    }
    await tx.query
      .updateTable("projects")
      .set({ deleted_at: tx.now })
      .where("id", "=", who.projectId)
      .execute();
    await enqueue(tx, { kind: projectEndJob, subject: who.projectId });
    tx.wake(`project:${who.projectId}`);
  });
}

/** Why a generation of a deleted project ends. */
export const projectDeleted = { code: "cancelled", message: "the project was deleted" } as const;

/** Cancels what a deleted project has running, each in a transaction of its own. */
export function createProjectEnd(deps: TransitionDeps): JobHandler {
  return {
    async run(job, signal) {
      const project = await findProject(deps.store.read, job.subject);
      if (!project || project.deleted_at === null) return { state: "done" };
      const running = await deps.store.read
        .selectFrom("generations")
        .selectAll()
        .where("project_id", "=", job.subject)
        .where("state", "in", workingStates)
        .limit(batchMax)
        .execute();
      for (const generation of running) {
        signal.throwIfAborted();
        // Refused when its stage ended meanwhile: then it is found again in its next state.
        await transition(deps, { generation, event: "cancelled", failure: projectDeleted });
      }
      return running.length === 0 ? { state: "done" } : { state: "again", delayMs: 0 };
    },
    // Each of its generations asks for its project before every stage, and is cancelled there.
    async exhausted() {
      return { state: "done" };
    },
  };
}
