import type { Store } from "../db/store.ts";
import { createProjectId, createProxyKey, findProject, insertProject } from "./project.ts";
import type { ProjectAccess } from "./roles.ts";

/** Makes a project with the documented defaults; it allows no source yet. */
export async function createProject(
  store: Store,
  ownerId: string,
  input: { readonly name: string; readonly websiteUrl: string | undefined },
): Promise<ProjectAccess> {
  return store.write(async (tx) => {
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
