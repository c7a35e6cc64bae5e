import { holdUser } from "../db/hold-user.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { createProjectId, createProxyKey, findProject, insertProject } from "./project.ts";
import type { ProjectAccess } from "./roles.ts";

/** Projects that one user may own. */
export const projectsMax = 1000;

/**
 * Makes a project with the documented defaults; it allows no source yet.
 * @throws AppError `conflict` when the owner has as many as there may be.
 */
export async function createProject(
  store: Store,
  ownerId: string,
  input: { readonly name: string; readonly websiteUrl: string | undefined },
): Promise<ProjectAccess> {
  return store.write(async (tx) => {
    await refusePastMax(tx, ownerId);
    const id = createProjectId();
    await insertProject(tx, {
      ...input,
      id,
      ownerId,
      proxyKey: createProxyKey(),
      allowedOrigins: [],
    });
    const project = await findProject(tx.query, id);
    if (!project) throw new Error("a project was written and is not there");
    return { project, role: "owner" };
  });
}

async function refusePastMax(tx: Tx, ownerId: string): Promise<void> {
  await holdUser(tx, ownerId);
  const { count } = await tx.query
    .selectFrom("projects")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("owner_id", "=", ownerId)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  if (Number(count) < projectsMax) return;
  throw new AppError("conflict", `you own ${projectsMax} projects already: delete one first`);
}
