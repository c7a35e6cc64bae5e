import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { startCheckpointThread } from "../../../src/db/sqlite/checkpoint-thread.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

test("past 64 MB the log is emptied, and a reader that pins it only delays that", async () => {
  const folder = await openTemporaryDirectory();
  const path = join(folder.path, "large.db");
  const db = new Database(path, { create: true });
  for (const pragma of ["journal_mode = wal", "synchronous = off", "wal_autocheckpoint = 0"]) {
    db.run(`pragma ${pragma}`);
  }
  db.run("create table t (bytes blob)");
  const write = (bytes: number) => db.run("insert into t values (zeroblob(?))", [bytes]);
  const walBytes = () => statSync(`${path}-wal`).size;
  const thread = startCheckpointThread(path);

  write(1_000_000);
  expect(await thread.checkpoint()).toEqual({ kind: "done" });
  expect(walBytes()).toBeGreaterThan(1_000_000);

  const reader = new Database(path, { readonly: true });
  reader.run("begin");
  reader.query("select count(*) from t").get();
  write(70_000_000);
  expect((await thread.checkpoint()).kind).toBe("done");
  expect(walBytes()).toBeGreaterThan(64_000_000);
  reader.run("commit");
  expect(await thread.checkpoint()).toEqual({ kind: "done" });
  expect(walBytes()).toBe(0);

  reader.close();
  await thread.close();
  db.close();
  await folder.close();
}, 20_000);
