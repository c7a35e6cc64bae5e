import { Database } from "bun:sqlite";
import { statSync } from "node:fs";
import type { CheckpointReply, CheckpointRequest } from "./checkpoint-messages.ts";

/** Past this the log is emptied for good: PASSIVE alone lets it grow while writers never pause. */
const walBytesMax = 64 * 1024 * 1024;
/** Here, off the serving thread, SQLite's own sleeping wait harms nobody. */
const busyTimeoutMs = 2000;

// An entry point: this thread does nothing but copy the write-ahead log into the database file.
serve();

function serve(): void {
  let db: Database | undefined;
  addEventListener("message", ({ data }: MessageEvent<CheckpointRequest>) => {
    if (data.kind === "open") {
      db = new Database(data.path, { readwrite: true });
      db.run(`pragma busy_timeout = ${busyTimeoutMs}`);
    } else if (data.kind === "checkpoint") {
      reply({ kind: "begun" });
      reply(checkpoint(db));
    } else {
      db?.close();
      reply({ kind: "closed" });
    }
  });
}

function checkpoint(db: Database | undefined): CheckpointReply {
  try {
    db?.run("pragma wal_checkpoint(PASSIVE)");
    if (db && walBytes(db.filename) > walBytesMax) db.run("pragma wal_checkpoint(TRUNCATE)");
    return { kind: "done" };
  } catch (thrown) {
    return { kind: "failed", reason: String(thrown) };
  }
}

function walBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

function reply(message: CheckpointReply): void {
  postMessage(message);
}
