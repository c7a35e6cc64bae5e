import type { Store } from "../db/store.ts";
import { defaultPlan } from "../models/plans.ts";
import { createProxyKey, findProject, insertProject } from "./project.ts";

export const demoUserId = "usr_demo";
export const demoProjectId = "proj_demo";

export interface DemoProject {
  readonly projectId: string;
  readonly proxyKey: string;
}

/**
 * The demo's user and project, made on the first start and kept ever after. Its allowlist is
 * empty: only uploads to this server can be animated with its key.
 */
export async function ensureDemoProject(
  store: Store,
  clock: { now(): number },
): Promise<DemoProject> {
  const project = await store.write(async (tx) => {
    const now = new Date(clock.now()).toISOString();
    await tx.query
      .insertInto("users")
      .values({
        id: demoUserId,
        email: "demo@localhost",
        name: "Demo",
        email_verified: false,
        image: null,
        plan: defaultPlan,
        role: "user",
        created_at: now,
        updated_at: now,
      })
      .onConflict((oc) => oc.column("id").doNothing())
      .execute();
    await insertProject(tx, {
      id: demoProjectId,
      ownerId: demoUserId,
      name: "Demo",
      proxyKey: createProxyKey(),
      allowedOrigins: [],
    });
    return findProject(tx.query, demoProjectId);
  });
  if (!project) throw new Error("the demo project was written and is not there");
  return { projectId: project.id, proxyKey: project.proxy_key };
}
