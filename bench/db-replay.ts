import { sql } from "kysely";
import { systemClock } from "../src/clock.ts";
import { openStore } from "../src/db/open-store.ts";
import type { Store } from "../src/db/store.ts";
import { readEvents } from "../src/events/log.ts";
import { type Load, percentile } from "./measure/windows.ts";
import { benchConfig, benchLog, seedProject } from "./seed.ts";

/** Replay out of a long event log, through the real store: what a reader who returns costs. */

export interface ReplayBench {
  /** Milliseconds that opening the store on the full log took. */
  readonly openMs: number;
  /** Reads the rest of an asset's events after a cursor, for random assets. */
  run(): Promise<Load>;
  close(): Promise<void>;
}

const eventsPerAsset = 10;
const rowsPerInsert = 500_000;
const replaysPerWindow = 5_000;
/** The cursor stands in the middle: half of the asset's events are still to come. */
const seenEvents = eventsPerAsset / 2;

/** Fills a log with `rows` events of `rows / 10` assets and opens it. */
export async function openReplayBench(dataDir: string, rows: number): Promise<ReplayBench> {
  const project = await seedProject(dataDir, []);
  const config = benchConfig(dataDir);
  const deps = { clock: systemClock, log: benchLog(config) };
  const filling = await openStore(config.database, deps);
  await fillAssets(filling, project.id, rows / eventsPerAsset);
  for (let from = 0; from < rows; from += rowsPerInsert) {
    const to = Math.min(from + rowsPerInsert, rows);
    await fill(filling, project.id, { from, to, assets: rows / eventsPerAsset });
  }
  await filling.close();
  const startMs = performance.now();
  const store = await openStore(config.database, deps);
  const openMs = performance.now() - startMs;
  return {
    openMs,
    run: () => replay(store, rows / eventsPerAsset),
    close: () => store.close(),
  };
}

async function fillAssets(store: Store, projectId: string, assets: number): Promise<void> {
  await store.write((tx) =>
    sql`
      insert into assets
        (id, project_id, src_url, motion, mode, dur_seconds, aspect, status, generation_count,
         created_at, updated_at)
      with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${assets})
      select printf('%016x', i), ${projectId}, 'https://cdn.example.com/' || i || '.png',
        'medium', 'loop', 4, 'preserve', 'pending', 1, i, i
      from n`.execute(tx.query),
  );
}

/** Events as a busy server writes them: those of one asset lie far apart. */
async function fill(
  store: Store,
  projectId: string,
  range: { readonly from: number; readonly to: number; readonly assets: number },
): Promise<void> {
  const payload = JSON.stringify({
    stage: "stage1",
    latency_ms: 4820,
    asset_id: "0123456789abcdef",
    attempt: 1,
    request_id: "req_12345678",
    ts: 1_790_000_000_000,
  });
  await store.write((tx) =>
    sql`
      insert into events
        (project_id, id, event_id, asset_id, generation_id, type, payload, created_at)
      with recursive n (i) as (
        select ${range.from} union all select i + 1 from n where i + 1 < ${range.to}
      )
      select ${projectId}, i + 1, printf('evt_%026d', i), printf('%016x', i % ${range.assets}),
        'gen_bench', 'stage_completed', ${payload}, i + 1
      from n`.execute(tx.query),
  );
}

async function replay(store: Store, assets: number): Promise<Load> {
  const replaysMs: number[] = [];
  for (let i = 0; i < replaysPerWindow; i++) {
    const asset = Math.floor(Math.random() * assets);
    const assetId = asset.toString(16).padStart(16, "0");
    const after = asset + assets * (seenEvents - 1) + 1;
    const beforeMs = performance.now();
    const events = await readEvents(store.read, { assetId }, { after, limit: 256 });
    replaysMs.push(performance.now() - beforeMs);
    if (events.length !== eventsPerAsset - seenEvents) {
      throw new Error(`a replay found ${events.length} events`);
    }
  }
  return {
    requests: replaysPerWindow,
    p50Ms: percentile(replaysMs, 0.5),
    p99Ms: percentile(replaysMs, 0.99),
    slowestMs: Math.max(...replaysMs),
  };
}
