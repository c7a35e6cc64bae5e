/**
 * What another process does to a database, for tests that kill or stop one:
 *   bun database-program.ts lock DIR      takes the data folder and keeps it
 *   bun database-program.ts hold FILE     keeps the write lock until its input ends
 *   bun database-program.ts commit FILE   commits rows 1, 2, 3… and prints each once it is durable
 * Each prints `ready` when it has begun.
 */
import { Database } from "bun:sqlite";
import { systemClock } from "../../src/clock.ts";
import { openDataDirLock } from "../../src/db/data-dir-lock.ts";
import { openStore } from "../../src/db/open-store.ts";
import { silentLog } from "./silent-log.ts";

const [command, path = ""] = process.argv.slice(2);

if (command === "lock") {
  openDataDirLock(path);
  process.stdout.write("ready\n");
  await Bun.stdin.text();
} else if (command === "hold") {
  const db = new Database(path);
  db.run("begin immediate");
  process.stdout.write("ready\n");
  await Bun.stdin.text();
  db.run("rollback");
  db.close();
} else {
  const store = await openStore({ kind: "sqlite", path }, { clock: systemClock, log: silentLog });
  process.stdout.write("ready\n");
  for (let row = 1; ; row++) {
    const key = `row_${row}`;
    await store.write((tx) =>
      tx.query.insertInto("settings").values({ key, value: "{}", updated_at: tx.now }).execute(),
    );
    process.stdout.write(`${key}\n`);
  }
}
