import type { Kysely } from "kysely";
import type { Project, Schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";

/** What a user is to a project; each may do what those before it may. */
export const projectRoles = ["viewer", "editor", "owner"] as const;
export type ProjectRole = (typeof projectRoles)[number];

export interface ProjectAccess {
  readonly project: Project;
  readonly role: ProjectRole;
}

/**
 * A project as a user may use it.
 * @throws AppError `not_found` when there is none or the user has no part in it, which look the
 * same; `forbidden` when their role does not allow what is needed.
 */
export async function getProjectFor(
  query: Kysely<Schema>,
  { projectId, userId }: { readonly projectId: string; readonly userId: string },
  need: ProjectRole,
): Promise<ProjectAccess> {
  const project = await query
    .selectFrom("projects")
    .selectAll()
    .where("id", "=", projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  const role = project && (await roleIn(query, project, userId));
  if (!project || !role) throw new AppError("not_found", "Project not found");
  if (projectRoles.indexOf(role) < projectRoles.indexOf(need)) {
    throw new AppError("forbidden", `this needs the role ${need}; yours is ${role}`);
  }
  return { project, role };
}

/**
 * Whether a user owned a project that was deleted. What it made is still served, so its owner can
 * still have it removed, and can do nothing else with it.
 */
export async function hasOwned(
  query: Kysely<Schema>,
  { projectId, userId }: { readonly projectId: string; readonly userId: string },
): Promise<boolean> {
  const project = await query
    .selectFrom("projects")
    .select("id")
    .where("id", "=", projectId)
    .where("owner_id", "=", userId)
    .where("deleted_at", "is not", null)
    .executeTakeFirst();
  return project !== undefined;
}

async function roleIn(
  query: Kysely<Schema>,
  project: Project,
  userId: string,
): Promise<ProjectRole | undefined> {
  if (project.owner_id === userId) return "owner";
  const member = await query
    .selectFrom("project_members")
    .select("role")
    .where("project_id", "=", project.id)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return projectRoles.find((role) => role === member?.role);
}
