import { randomUUID } from "node:crypto";
import type { Store } from "../../src/db/store.ts";
import { insertProject } from "../../src/projects/project.ts";

/** A project with an owner, both new: something to hang rows on. @returns the project's id. */
export async function addProject(store: Store): Promise<string> {
  const id = shortId();
  const date = new Date(0).toISOString();
  await store.write(async (tx) => {
    await tx.query
      .insertInto("users")
      .values({
        id: `usr_${id}`,
        email: `${id}@example.com`,
        name: "Test",
        email_verified: false,
        image: null,
        plan: "unlimited",
        role: "user",
        created_at: date,
        updated_at: date,
      })
      .execute();
    await insertProject(tx, {
      id,
      ownerId: `usr_${id}`,
      name: "Test",
      proxyKey: `pk_${id}`,
      allowedOrigins: [],
    });
  });
  return id;
}

/** An asset with nothing generated yet. @returns its id. */
export async function addAsset(store: Store, projectId: string): Promise<string> {
  const id = shortId();
  await store.write((tx) =>
    tx.query
      .insertInto("assets")
      .values({
        id,
        project_id: projectId,
        src_url: "https://example.com/a.png",
        motion: "medium",
        mode: "loop",
        dur_seconds: 4,
        prompt: null,
        seed: null,
        aspect: "preserve",
        idem: null,
        status: "pending",
        current_generation_id: null,
        newest_generation_id: null,
        generation_count: 0,
        created_at: tx.now,
        updated_at: tx.now,
        ready_at: null,
        deleted_at: null,
      })
      .execute(),
  );
  return id;
}

/** A generation of an asset whose clip is done. */
export async function addGeneration(
  store: Store,
  row: {
    readonly id: string;
    readonly projectId: string;
    readonly assetId: string;
    readonly mediaKey?: string | null;
  },
): Promise<void> {
  await store.write((tx) =>
    tx.query
      .insertInto("generations")
      .values({
        id: row.id,
        asset_id: row.assetId,
        project_id: row.projectId,
        number: 1,
        state: "ready",
        motion: "medium",
        mode: "loop",
        dur_seconds: 4,
        seed: 1,
        aspect: "preserve",
        media_key: row.mediaKey ?? null,
        cost_usd_micros: 0,
        charged: 0,
        stage_attempts: 0,
        request_id: "req_test",
        created_at: tx.now,
        progressed_at: tx.now,
      })
      .execute(),
  );
}

function shortId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}
