import type { Project } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { getProjectFor, type ProjectAccess, type ProjectRole } from "./roles.ts";

/** Whose project, and who asks. */
export interface ProjectUser {
  readonly projectId: string;
  readonly userId: string;
}

/**
 * A project that is about to change, as it is now: nobody else can change it before the
 * transaction ends. Its `updated_at` becomes the present.
 * @throws AppError as `getProjectFor`.
 */
export async function holdProject(
  tx: Tx,
  who: ProjectUser,
  need: ProjectRole,
): Promise<ProjectAccess> {
  const { role } = await getProjectFor(tx.query, who, need);
  // Writing the row locks it on both engines, so that what is read is what will be replaced.
  const project = await tx.query
    .updateTable("projects")
    .set({ updated_at: tx.now })
    .where("id", "=", who.projectId)
    .where("deleted_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (!project) throw new AppError("not_found", "Project not found");
  return { project, role };
}

/** Writes to a project that is held. @returns it as it is now. */
export async function changeProject(
  tx: Tx,
  projectId: string,
  columns: Partial<Project>,
): Promise<Project> {
  return tx.query
    .updateTable("projects")
    .set(columns)
    .where("id", "=", projectId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @throws AppError `forbidden` for who is not the owner. */
export function requireOwner({ role }: ProjectAccess, what: string): void {
  if (role === "owner") return;
  throw new AppError("forbidden", `${what} needs the role owner; yours is ${role}`);
}
