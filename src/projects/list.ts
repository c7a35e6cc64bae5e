import type { Project } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { type ProjectRole, projectRoles } from "./roles.ts";

/** One project of a list, with what the user is to it. */
export interface ListedProject {
  readonly project: Project;
  readonly role: ProjectRole;
}

/** Where a list goes on: behind the last project that was given. */
export interface ProjectCursor {
  readonly createdAt: number;
  readonly id: string;
}

/** The projects that a user owns or shares, the newest first. */
export async function listProjects(
  store: Store,
  userId: string,
  range: { readonly limit: number; readonly after: ProjectCursor | undefined },
): Promise<readonly ListedProject[]> {
  const { limit, after } = range;
  const rows = await store.read
    .selectFrom("projects as p")
    .leftJoin("project_members as m", (join) =>
      join.onRef("m.project_id", "=", "p.id").on("m.user_id", "=", userId),
    )
    .selectAll("p")
    .select("m.role as member_role")
    .where("p.deleted_at", "is", null)
    .where((e) =>
      e.or([
        e("p.owner_id", "=", userId),
        e("p.id", "in", (query) =>
          query.selectFrom("project_members").select("project_id").where("user_id", "=", userId),
        ),
      ]),
    )
    .$if(after !== undefined, (list) =>
      list.where((e) =>
        e(e.refTuple("p.created_at", "p.id"), "<", e.tuple(after?.createdAt ?? 0, after?.id ?? "")),
      ),
    )
    .orderBy("p.created_at", "desc")
    .orderBy("p.id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ member_role: memberRole, ...project }) => ({
    project,
    role: project.owner_id === userId ? "owner" : roleOf(memberRole),
  }));
}

function roleOf(stored: string | null): ProjectRole {
  return projectRoles.find((role) => role === stored) ?? "viewer";
}
