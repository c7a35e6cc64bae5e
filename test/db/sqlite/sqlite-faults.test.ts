import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { openSqliteStore } from "../../../src/db/sqlite/sqlite-store.ts";
import type { Store } from "../../../src/db/store.ts";
import { startDatabaseProcess } from "../../support/database-process.ts";
import { createRecordingLog } from "../../support/recording-log.ts";
import {
  openTemporaryDirectory,
  type TemporaryDirectory,
} from "../../support/temporary-directory.ts";
import { until } from "../../support/until.ts";

describe("a SQLite store among faults", () => {
  let folder: TemporaryDirectory;
  let path: string;
  let log = createRecordingLog();
  const opened: Store[] = [];
  beforeEach(async () => {
    folder = await openTemporaryDirectory();
    path = join(folder.path, "motioness.db");
    log = createRecordingLog();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await folder.close();
  });

  const open = async (options: { busyMsMax?: number; wasAbandoned?: boolean } = {}) => {
    const { busyMsMax, wasAbandoned = false } = options;
    const config = { path, ...(busyMsMax === undefined ? {} : { busyMsMax }) };
    const store = await openSqliteStore(config, { clock: systemClock, log, wasAbandoned });
    opened.push(store);
    return store;
  };
  const put = (store: Store, key: string) =>
    store.write((tx) =>
      tx.query.insertInto("settings").values({ key, value: "{}", updated_at: tx.now }).execute(),
    );
  const keysOf = async (store: Store) => {
    const rows = await store.read.selectFrom("settings").select("key").execute();
    return rows.map(({ key }) => key);
  };
  const close = async (store: Store) => {
    opened.splice(opened.indexOf(store), 1);
    await store.close();
  };

  test("a write waits while another process holds the lock, and succeeds [D05]", async () => {
    const store = await open();
    const holder = await startDatabaseProcess("hold", path);
    const writing = put(store, "a");
    expect(await keysOf(store)).toEqual([]);
    await holder.letGo();
    await writing;
    expect(await keysOf(store)).toEqual(["a"]);
  });

  test("held for too long, writes are refused, and the loop never stood still [D06]", async () => {
    const store = await open({ busyMsMax: 400 });
    const holder = await startDatabaseProcess("hold", path);
    let longestMs = 0;
    let lastAt = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastAt);
      lastAt = performance.now();
    }, 1);
    const refused = await Promise.allSettled([put(store, "a"), put(store, "b"), put(store, "c")]);
    clearInterval(watch);
    for (const { status, ...outcome } of refused) {
      expect(status).toBe("rejected");
      expect(outcome).toMatchObject({ reason: { code: "unavailable", retryAfterMs: 5000 } });
    }
    expect(longestMs).toBeLessThan(100);
    await expect(store.check()).rejects.toMatchObject({ code: "unavailable" });
    expect(await keysOf(store)).toEqual([]);
    await holder.letGo();
    await put(store, "d");
  });

  const damages: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ["100 bytes flipped in its second page", (bytes) => flip(bytes, 4096, 100)],
    ["its header flipped", (bytes) => flip(bytes, 0, 100)],
    ["its end cut off", (bytes) => bytes.slice(0, bytes.length - 3 * 4096)],
    ["something else in its place", () => new TextEncoder().encode("not a database\n".repeat(99))],
  ];
  for (const [name, damage] of damages) {
    test(`a file with ${name} is refused and left as it is [D09]`, async () => {
      const store = await open();
      await put(store, "a");
      await close(store);
      const damaged = damage(new Uint8Array(readFileSync(path)));
      writeFileSync(path, damaged);
      await expect(open()).rejects.toMatchObject({
        code: "unusable_database",
        message: expect.stringContaining(path),
      });
      expect(Buffer.compare(readFileSync(path), damaged)).toBe(0);
    });
  }

  test("a reader that holds the log up lets it grow no longer than it reads [D18]", async () => {
    const store = await open();
    await put(store, "before");
    const reader = new Database(path, { readonly: true });
    reader.run("begin");
    reader.query("select count(*) from settings").all();
    const megabyte = JSON.stringify("x".repeat(1_000_000));
    for (let row = 0; row < 90; row += 1) {
      await store.write((tx) => {
        const values = { key: `large ${row}`, value: megabyte, updated_at: tx.now };
        return tx.query.insertInto("settings").values(values).execute();
      });
    }
    const logBytes = () => statSync(`${path}-wal`).size;
    expect(logBytes()).toBeGreaterThan(64 * 1024 * 1024);
    reader.run("commit");
    reader.close();
    // A checkpoint follows commits; it may take the second that is left between two of them.
    await until(async () => {
      await put(store, Bun.randomUUIDv7());
      return logBytes() <= 64 * 1024 * 1024;
    });
    expect(await keysOf(store)).toContain("large 89");
  }, 30_000);

  test("without its log it starts from the last checkpoint, and says so [D11]", async () => {
    const store = await open();
    await put(store, "old");
    await close(store);
    const process = await startDatabaseProcess("commit", path);
    await process.printed((line) => line === "row_3");
    await process.kill();
    rmSync(`${path}-wal`);
    rmSync(`${path}-shm`);
    const again = await open({ wasAbandoned: true });
    expect(await keysOf(again)).toContain("old");
    expect(log.lines.map(({ message }) => message)).toContain("database_log_missing");
  });

  test("a start that finds all in order says nothing of the kind", async () => {
    await close(await open());
    await open({ wasAbandoned: false });
    expect(log.lines.some(({ level }) => level === "warn")).toBe(false);
  });

  test("closing leaves one file, with everything in it", async () => {
    const store = await open();
    await put(store, "a");
    await close(store);
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
    const db = new Database(path, { readonly: true });
    expect(db.query("select key from settings").all()).toEqual([{ key: "a" }]);
    db.close();
  });

  for (const at of ["kill -9", "during_checkpoint:1", "during_checkpoint:3"]) {
    test(`killed (${at}), it has lost nothing that it acknowledged [D14, K17]`, async () => {
      const environment: Record<string, string> = at === "kill -9" ? {} : { FAILPOINT: at };
      const process = await startDatabaseProcess("commit", path, environment);
      if (at === "kill -9") {
        await process.printed((line) => line === "row_50");
        await process.kill();
      }
      expect(await process.ended).toBe("SIGKILL");
      const acknowledged = process.lines.filter((line) => line.startsWith("row_"));
      expect(acknowledged.length).toBeGreaterThan(0);
      const keys = new Set(await keysOf(await open()));
      expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
    });
  }

  test("killed inside a migration, it begins again as if nothing had been [K16]", async () => {
    const process = await startDatabaseProcess("commit", path, { FAILPOINT: "during_migration" });
    expect(await process.ended).toBe("SIGKILL");
    const db = new Database(path, { readonly: true });
    const tables = db.query<{ name: string }, []>("select name from sqlite_master").all();
    expect(tables.filter(({ name }) => !/kysely_migration/.test(name))).toEqual([]);
    db.close();
    await put(await open(), "a");
  });
});

function flip(bytes: Uint8Array, from: number, count: number): Uint8Array {
  return bytes.map((byte, at) => (at >= from && at < from + count ? byte ^ 0xff : byte));
}
