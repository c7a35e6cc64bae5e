import type { Kysely } from "kysely";
import { holdUser } from "../db/hold-user.ts";
import type { Schema, Upload } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { enqueue } from "../jobs/queue.ts";
import type { PagePlace } from "./page.ts";

/** What one user may have stored at a time. */
export interface UploadLimits {
  readonly filesMax: number;
  readonly bytesMax: number;
}

export type NewUpload = Omit<Upload, "created_at" | "deleted_at" | "state">;
/** An upload whose bytes are about to be stored. */
export type BegunUpload = Omit<NewUpload, "sha256">;

/** The job kind that removes an upload that was deleted, or was never finished; by its key. */
export const uploadCleanupJob = "upload_cleanup";
/** Nothing that writes takes longer; what is unfinished then was left by a process that died. */
const unfinishedAfterMs = 60 * 60_000;

/** Writes down an upload whose bytes are stored. */
export async function insertUpload(store: Store, upload: NewUpload): Promise<void> {
  await store.write(async (tx) => {
    await tx.query
      .insertInto("uploads")
      .values({ ...upload, state: "stored", created_at: tx.now, deleted_at: null })
      .execute();
  });
}

/**
 * Writes down an upload before its bytes are stored, with the job that removes both if they never
 * are: so nothing lies in storage that no row knows of. It counts from here on.
 * @throws AppError `limit_reached` when the user has no room for it.
 */
export async function beginUpload(
  store: Store,
  upload: BegunUpload,
  limits: UploadLimits,
): Promise<void> {
  await store.write(async (tx) => {
    await holdUser(tx, upload.user_id);
    await checkUploadRoom(tx.query, upload.user_id, limits, upload.bytes);
    await tx.query
      .insertInto("uploads")
      .values({
        ...upload,
        sha256: "",
        state: "writing",
        created_at: tx.now,
        deleted_at: null,
      })
      .execute();
    const delayMs = unfinishedAfterMs;
    await enqueue(tx, { kind: uploadCleanupJob, subject: upload.key, delayMs });
  });
}

/**
 * Whether a user may store another upload of so many bytes.
 * @throws AppError `limit_reached`, which says what is stored and what to do.
 */
export async function checkUploadRoom(
  query: Kysely<Schema>,
  userId: string,
  { filesMax, bytesMax }: UploadLimits,
  bytes = 1,
): Promise<void> {
  const stored = await query
    .selectFrom("uploads")
    .select((e) => [e.fn.countAll().as("files"), e.fn.sum("bytes").as("bytes")])
    .where("user_id", "=", userId)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  const [files, storedBytes] = [Number(stored.files), Number(stored.bytes ?? 0)];
  if (files < filesMax && storedBytes + bytes <= bytesMax) return;
  const [hasMb, mayMb] = [storedBytes, bytesMax].map((size) => Math.round(size / 1024 ** 2));
  throw new AppError(
    "limit_reached",
    `upload limit reached: ${files} of ${filesMax} files and ${hasMb} of ${mayMb} MiB are stored; ` +
      "delete some with DELETE /api/v1/uploads/{file}",
  );
}

/** Makes an upload public whose bytes are stored now. @throws AppError when it took too long. */
export async function finishUpload(
  store: Store,
  { key, bytes, sha256 }: Pick<Upload, "key" | "bytes" | "sha256">,
): Promise<void> {
  await store.write(async (tx) => {
    const finished = await tx.query
      .updateTable("uploads")
      .set({ state: "stored", bytes, sha256 })
      .where("key", "=", key)
      .where("state", "=", "writing")
      .returning("key")
      .executeTakeFirst();
    if (!finished) throw new AppError("unavailable", "the upload took too long; try again");
    await tx.query
      .deleteFrom("jobs")
      .where("kind", "=", uploadCleanupJob)
      .where("subject", "=", key)
      .execute();
  });
}

/** Has what was begun removed now: its bytes could not be stored. */
export async function abandonUpload(store: Store, key: string): Promise<void> {
  await store.write((tx) => enqueue(tx, { kind: uploadCleanupJob, subject: key }));
}

/** An upload by its storage key, or undefined. */
export async function findUpload(query: Kysely<Schema>, key: string): Promise<Upload | undefined> {
  return query
    .selectFrom("uploads")
    .selectAll()
    .where("key", "=", key)
    .where("state", "=", "stored")
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** A user's uploads, newest first, from `after` on. */
export async function listUploads(
  query: Kysely<Schema>,
  userId: string,
  { after, limit }: { readonly after: PagePlace | undefined; readonly limit: number },
): Promise<readonly Upload[]> {
  return query
    .selectFrom("uploads")
    .selectAll()
    .where("user_id", "=", userId)
    .where("state", "=", "stored")
    .where("deleted_at", "is", null)
    .$if(after !== undefined, (rows) =>
      rows.where((e) =>
        e(e.refTuple("created_at", "key"), "<", e.tuple(after?.createdAt ?? 0, after?.id ?? "")),
      ),
    )
    .orderBy("created_at", "desc")
    .orderBy("key", "desc")
    .limit(limit)
    .execute();
}

/** Takes an upload out of sight; a job removes its bytes. @throws AppError `not_found`. */
export async function deleteUpload(
  store: Store,
  { userId, file }: { readonly userId: string; readonly file: string },
): Promise<void> {
  await store.write(async (tx) => {
    const deleted = await tx.query
      .updateTable("uploads")
      .set({ deleted_at: tx.now })
      .where("user_id", "=", userId)
      .where("file", "=", file)
      .where("state", "=", "stored")
      .where("deleted_at", "is", null)
      .returning("key")
      .executeTakeFirst();
    if (!deleted) throw new AppError("not_found", "not found");
    await enqueue(tx, { kind: uploadCleanupJob, subject: deleted.key });
  });
}

/** An upload that is to be removed from storage, whose row then goes too. */
export async function findRemovableUpload(
  query: Kysely<Schema>,
  key: string,
): Promise<Upload | undefined> {
  return query
    .selectFrom("uploads")
    .selectAll()
    .where("key", "=", key)
    .where((e) => e.or([e("state", "<>", "stored"), e("deleted_at", "is not", null)]))
    .executeTakeFirst();
}

/** Forgets an upload whose bytes are gone. */
export async function dropUpload(store: Store, key: string): Promise<void> {
  await store.write(async (tx) => {
    await tx.query.deleteFrom("uploads").where("key", "=", key).execute();
  });
}
