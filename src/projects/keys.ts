import { sql } from "kysely";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { holdProject, type ProjectUser } from "./change.ts";
import { demoProjectId } from "./demo.ts";
import { createProxyKey, createSigningSecret } from "./project.ts";
import type { Sealer } from "./seal.ts";

/** The longest time for which the signing secret before a rotation may stay good. */
export const overlapSecondsMax = 7 * 86_400;

/**
 * Gives a project another proxy key. The old one is refused from this commit on, also by what the
 * hot path remembers and for streams that were opened with it. Assets keep their ids and clips.
 * @throws AppError `not_found`, `forbidden`.
 */
export async function rotateProxyKey(store: Store, who: ProjectUser): Promise<string> {
  return store.write(async (tx) => {
    await holdProject(tx, who, "owner");
    if (who.projectId === demoProjectId) {
      throw new AppError("forbidden", "the demo project keeps its key");
    }
    const proxyKey = createProxyKey();
    await tx.query
      .updateTable("projects")
      .set({ proxy_key: proxyKey })
      .where("id", "=", who.projectId)
      .execute();
    tx.wake(`project:${who.projectId}`);
    return proxyKey;
  });
}

/**
 * Gives a project another signing secret; whether signing is on stays as it is.
 * @param overlapSeconds how long URLs signed with the old secret stay good; 0 ends them now.
 * @returns the new secret: it is stored sealed, and shown by nobody again.
 * @throws AppError `not_found`, `forbidden`.
 */
export async function rotateSigningSecret(
  deps: { readonly store: Store; readonly sealer: Sealer },
  who: ProjectUser,
  overlapSeconds: number,
): Promise<string> {
  return deps.store.write(async (tx) => {
    const { project } = await holdProject(tx, who, "owner");
    const secret = createSigningSecret();
    const hasOverlap = overlapSeconds > 0 && project.signing_secret !== null;
    await tx.query
      .updateTable("projects")
      .set({
        signing_secret: deps.sealer.seal(secret),
        previous_signing_secret: hasOverlap ? project.signing_secret : null,
        previous_signing_secret_until: hasOverlap
          ? sql<number>`${tx.now} + ${overlapSeconds * 1000}`
          : null,
      })
      .where("id", "=", who.projectId)
      .execute();
    tx.wake(`project:${who.projectId}`);
    return secret;
  });
}
