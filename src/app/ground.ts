import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { Closers } from "../closers.ts";
import { ensureServerSecret, type ServerSecret } from "../config/server-secret.ts";
import type { Config } from "../config.ts";
import type { DataDirLock } from "../db/data-dir-lock.ts";
import { openStore } from "../db/open-store.ts";
import type { Store } from "../db/store.ts";
import type { Log } from "../log.ts";
import { clearScratch } from "../pipeline/scratch.ts";
import { openStorage } from "../storage/open-storage.ts";
import type { Storage } from "../storage/storage.ts";

/** What is opened before anything can be asked for. */
export interface Ground {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly secret: ServerSecret;
  readonly store: Store;
  readonly storage: Storage;
  readonly scratchRoot: string;
}

export interface GroundDeps {
  readonly log: Log;
  readonly clock: Clock;
}

export async function openGround(
  config: Config,
  { log, clock }: GroundDeps,
  closers: Closers,
  { wasAbandoned }: DataDirLock,
): Promise<Ground> {
  const secret = ensureServerSecret(config);
  const store = await openStore(config.database, { clock, log, wasAbandoned });
  closers.add(() => store.close());
  const storage = openStorage(config.storage);
  closers.add(() => storage.close());
  const scratchRoot = join(config.dataDir, "scratch");
  await clearScratch(scratchRoot);
  return { config, clock, log, secret, store, storage, scratchRoot };
}
