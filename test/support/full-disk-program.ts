/**
 * Fills the disk under a store and empties it again: `bun full-disk-program.ts DIR`, where DIR is
 * a small file system of its own. Prints one JSON line of what it saw.
 */
import { Database } from "bun:sqlite";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openSqliteStore } from "../../src/db/sqlite/sqlite-store.ts";
import { toAppError } from "../../src/errors.ts";
import { createRecordingLog } from "./recording-log.ts";

const dir = process.argv[2] ?? "";
const path = join(dir, "motioness.db");
const filler = join(dir, "filler");
const large = "x".repeat(1_000_000);
const log = createRecordingLog();
const store = await openSqliteStore({ path }, { clock: systemClock, log });

const put = (key: string, value: string) =>
  store
    .write((tx) => tx.query.insertInto("settings").values({ key, value, updated_at: 0 }).execute())
    .then(
      () => "written",
      (thrown) => toAppError(thrown).code,
    );
const keys = async () => {
  const rows = await store.read.selectFrom("settings").select("key").orderBy("key").execute();
  return rows.map(({ key }) => key).join(" ");
};

const before = await put("before", "{}");
fillDisk();
const full = [await put("full", large), await put("full", large)];
const check = await store.check().then(
  () => "passed",
  (thrown) => toAppError(thrown).code,
);
const readWhileFull = await keys();
rmSync(filler);
const after = await put("after", large);
const readAfter = await keys();
await store.close();
const db = new Database(path, { readonly: true });
const integrity = db.query<{ integrity_check: string }, []>("pragma integrity_check").get();
console.log(
  JSON.stringify({
    before,
    full,
    check,
    readWhileFull,
    after,
    readAfter,
    integrity: integrity?.integrity_check,
  }),
);

/** To the last byte. */
function fillDisk(): void {
  for (const size of [65_536, 4096, 256, 1]) {
    try {
      for (let count = 0; count < 1000; count++) appendFileSync(filler, Buffer.alloc(size));
    } catch {
      // That size fits no more; the next smaller one may.
    }
  }
}
