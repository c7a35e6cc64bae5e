import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { openCheckpoints } from "../../../src/db/sqlite/checkpoints.ts";
import { openSqliteStore } from "../../../src/db/sqlite/sqlite-store.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLog } from "../../support/recording-log.ts";
import {
  openTemporaryDirectory,
  type TemporaryDirectory,
} from "../../support/temporary-directory.ts";
import { until } from "../../support/until.ts";

describe("checkpoints", () => {
  let folder: TemporaryDirectory;
  beforeEach(async () => {
    folder = await openTemporaryDirectory();
  });
  afterEach(() => folder.close());

  test("follow a commit in the background, and cost nothing without writes", async () => {
    const clock = createManualClock();
    const path = join(folder.path, "motioness.db");
    const store = await openSqliteStore({ path }, { clock, log: createRecordingLog() });
    expect(clock.pending).toBe(0);
    const beforeBytes = statSync(path).size;
    await Promise.all([store.check(), store.check(), store.check()]);
    expect(clock.pending).toBe(1);
    clock.advance(250);
    await until(() => statSync(path).size > beforeBytes);
    await until(() => clock.pending === 0);
    await store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test("without a thread the writer is told to do it itself, once", async () => {
    const clock = createManualClock();
    const log = createRecordingLog();
    let told = 0;
    const checkpoints = openCheckpoints({
      path: join(folder.path, "missing", "motioness.db"),
      clock,
      log,
      onUnavailable: () => {
        told += 1;
      },
    });
    checkpoints.noteCommit();
    clock.advance(250);
    await until(() => told === 1);
    checkpoints.noteCommit();
    expect(clock.pending).toBe(0);
    expect(log.lines.map(({ message }) => message)).toEqual(["checkpoint_thread_unavailable"]);
    await checkpoints.close();
  });
});
