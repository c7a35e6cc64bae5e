import type { Kysely } from "kysely";
import type { Schema, Upload } from "../db/schema.ts";
import type { Store } from "../db/store.ts";

export type NewUpload = Omit<Upload, "created_at" | "deleted_at">;

/** Writes down an upload whose bytes are stored. */
export async function insertUpload(store: Store, upload: NewUpload): Promise<void> {
  await store.write(async (tx) => {
    await tx.query
      .insertInto("uploads")
      .values({ ...upload, created_at: tx.now, deleted_at: null })
      .execute();
  });
}

/** An upload by its storage key, or undefined. */
export async function findUpload(query: Kysely<Schema>, key: string): Promise<Upload | undefined> {
  return query
    .selectFrom("uploads")
    .selectAll()
    .where("key", "=", key)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}
