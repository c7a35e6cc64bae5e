import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openDataDirLock } from "../../src/db/data-dir-lock.ts";
import { startDatabaseProcess } from "../support/database-process.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

describe("the data folder's lock", () => {
  let folder: TemporaryDirectory;
  let dir: string;
  beforeEach(async () => {
    folder = await openTemporaryDirectory();
    dir = join(folder.path, "data");
  });
  afterEach(() => folder.close());

  test("a second server is refused at once, and told who holds it [D07]", async () => {
    const holder = await startDatabaseProcess("lock", dir);
    const startedAt = performance.now();
    expect(() => openDataDirLock(dir)).toThrow(
      expect.objectContaining({
        code: "data_dir_locked",
        message: expect.stringContaining(`pid ${holder.pid} `),
      }),
    );
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await holder.letGo();
  });

  test("it holds within one process, too", () => {
    const lock = openDataDirLock(dir);
    expect(() => openDataDirLock(dir)).toThrow(`pid ${process.pid} `);
    lock.close();
    openDataDirLock(dir).close();
  });

  test("a killed holder leaves no lock, but is noticed", async () => {
    const holder = await startDatabaseProcess("lock", dir);
    await holder.kill();
    const lock = openDataDirLock(dir);
    expect(lock.wasAbandoned).toBe(true);
    lock.close();
  });

  test("a folder that cannot be used is named, with what to do", async () => {
    await Bun.write(dir, "a file");
    const refusal = expect.objectContaining({
      code: "invalid_config",
      message: expect.stringContaining(`MOTIONESS_DATA_DIR: ${dir} cannot be used`),
    });
    expect(() => openDataDirLock(dir)).toThrow(refusal);
  });

  test.skipIf(process.getuid?.() === 0)("one that may only be read, too", () => {
    mkdirSync(dir, { mode: 0o500 });
    expect(() => openDataDirLock(dir)).toThrow("a folder that this user may write");
  });

  test("a lock that was let go leaves nothing to notice", () => {
    const first = openDataDirLock(dir);
    expect(first.wasAbandoned).toBe(false);
    first.close();
    expect(existsSync(join(dir, "server.pid"))).toBe(false);
    const second = openDataDirLock(dir);
    expect(second.wasAbandoned).toBe(false);
    second.close();
  });
});
