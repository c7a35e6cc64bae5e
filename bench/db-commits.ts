import { statSync } from "node:fs";
import { sql } from "kysely";
import { type Clock, systemClock } from "../src/clock.ts";
import { openStore } from "../src/db/open-store.ts";
import type { Generation } from "../src/db/schema.ts";
import type { Store } from "../src/db/store.ts";
import { type Load, percentile } from "./measure/windows.ts";
import { benchConfig, benchLog, seedPending } from "./seed.ts";
import { appendStageEvent } from "./stage-event.ts";

/** Commits of the event log through the real store, one writer, as fast as they go or at a rate. */

export interface CommitBench {
  /** Commits for `seconds`, `eventsPerCommit` events each, never faster than the rate. */
  run(spec: CommitSpec): Promise<Load>;
  /** Of the write-ahead log, now. */
  walBytes(): number;
  close(): Promise<void>;
}

export interface CommitSpec {
  readonly seconds: number;
  readonly eventsPerCommit: number;
  readonly commitsPerSecondMax?: number;
}

/** As SQLite does it when nobody else does: inside the commit that passes this many pages. */
const inlineCheckpointPages = 1_000;

/**
 * Opens a store in an own folder. Checkpoints are the store's own, or inside the commits; the
 * latter is the same store with a clock on which its checkpoint worker never comes due.
 */
export async function openCommitBench(
  dataDir: string,
  checkpoints: "worker" | "inline",
): Promise<CommitBench> {
  const { generation } = await seedPending(dataDir);
  const config = benchConfig(dataDir);
  const neverDue: Clock = { ...systemClock, schedule: () => () => {} };
  const clock = checkpoints === "inline" ? neverDue : systemClock;
  const store = await openStore(config.database, { clock, log: benchLog(config) });
  if (checkpoints === "inline") {
    const pragma = sql`pragma wal_autocheckpoint = ${sql.lit(inlineCheckpointPages)}`;
    await store.write((tx) => pragma.execute(tx.query));
  }
  const walPath = `${dataDir}/motioness.db-wal`;
  return {
    run: (spec) => runCommits(store, generation, spec),
    walBytes: () => statSync(walPath, { throwIfNoEntry: false })?.size ?? 0,
    close: () => store.close(),
  };
}

async function runCommits(store: Store, generation: Generation, spec: CommitSpec): Promise<Load> {
  const startMs = performance.now();
  const endMs = startMs + spec.seconds * 1000;
  const pauseMs = 1000 / (spec.commitsPerSecondMax ?? Number.POSITIVE_INFINITY);
  const commitsMs: number[] = [];
  for (let beforeMs = startMs; beforeMs < endMs; ) {
    await commit(store, generation, spec.eventsPerCommit);
    const afterMs = performance.now();
    commitsMs.push(afterMs - beforeMs);
    const aheadMs = startMs + commitsMs.length * pauseMs - afterMs;
    if (aheadMs > 1) await Bun.sleep(aheadMs);
    beforeMs = performance.now();
  }
  return {
    requests: commitsMs.length,
    p50Ms: percentile(commitsMs, 0.5),
    p99Ms: percentile(commitsMs, 0.99),
    p999Ms: percentile(commitsMs, 0.999),
    slowestMs: Math.max(...commitsMs),
  };
}

async function commit(store: Store, generation: Generation, events: number): Promise<void> {
  await store.write(async (tx) => {
    for (let i = 0; i < events; i++) await appendStageEvent(tx, generation, "req_bench");
  });
}
