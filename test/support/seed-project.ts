import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/db/open-store.ts";
import type { Store } from "../../src/db/store.ts";
import { createProxyKey, insertProject } from "../../src/projects/project.ts";
import { silentLog } from "./silent-log.ts";

export const seededOwnerId = "usr_owner";
export const seededProjectId = "proj_seeded";

export interface ProjectSeed {
  readonly allowedOrigins: readonly string[];
  readonly plan?: string;
  /** The sealed secret of a project that takes signed URLs. */
  readonly signingSecret?: string;
}

/** Writes one owner with one project. @returns the project's key. */
export async function seedProject(store: Store, seed: ProjectSeed): Promise<string> {
  const proxyKey = createProxyKey();
  await store.write(async (tx) => {
    await tx.query
      .insertInto("users")
      .values({
        id: seededOwnerId,
        email: "owner@example.com",
        name: "Owner",
        email_verified: false,
        image: null,
        plan: seed.plan ?? "unlimited",
        role: "user",
        created_at: "2026-01-01T00:00:00.000Z",
        updated_at: "2026-01-01T00:00:00.000Z",
      })
      .execute();
    await insertProject(tx, {
      id: seededProjectId,
      ownerId: seededOwnerId,
      name: "Seeded",
      proxyKey,
      allowedOrigins: seed.allowedOrigins,
    });
    if (seed.signingSecret === undefined) return;
    await tx.query
      .updateTable("projects")
      .set({ enable_signing: 1, signing_secret: seed.signingSecret })
      .where("id", "=", seededProjectId)
      .execute();
  });
  return proxyKey;
}

/** Seeds the data folder of a server that has not started yet. @returns the project's key. */
export async function seedDataDir(dataDir: string, seed: ProjectSeed): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const config = { kind: "sqlite", path: join(dataDir, "motioness.db") } as const;
  const store = await openStore(config, { clock: systemClock, log: silentLog });
  try {
    return await seedProject(store, seed);
  } finally {
    await store.close();
  }
}
