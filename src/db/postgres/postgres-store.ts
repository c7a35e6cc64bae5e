import { SQL } from "bun";
import { Kysely, sql } from "kysely";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { isConnectionLost, isTransactionVictim, toStoreError } from "../driver-error.ts";
import { type Migrations, migrate } from "../migrate.ts";
import type { ColumnTypes } from "../migrations/column-types.ts";
import { migrationsFor } from "../migrations.ts";
import { once } from "../once.ts";
import type { Schema } from "../schema.ts";
import type { Store, Topic, Tx } from "../store.ts";
import { createTopics } from "../topics.ts";
import { checkWrite } from "../write-check.ts";
import { createReaderDialect, createWriterDialect } from "./postgres-driver.ts";
import { openWakeUps, type WakeUps } from "./postgres-wake-ups.ts";

export interface PostgresConfig {
  readonly url: string;
  /** Connections of this process for each of writing and reading; one more listens. */
  readonly connectionsMax?: number;
}

export interface PostgresDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly migrations?: Migrations;
}

export const postgresTypes: ColumnTypes = {
  integer: "bigint",
  real: "double precision",
  date: "timestamptz",
  boolean: "boolean",
  strict: "",
};

const connectionsMaxDefault = 5;
/** Limits on the server's side: whatever hangs there lets go by itself. */
const limits = {
  application_name: "motioness",
  lock_timeout: "10s",
  statement_timeout: "30s",
  idle_in_transaction_session_timeout: "30s",
} as const;
/** Pauses before a transaction that could not begin, or was a victim, is tried again. */
const beginPausesMs = [0, 50, 150, 400, 1000, 2000] as const;
const closeSecondsMax = 10;

/**
 * Opens a PostgreSQL database as the store, for any number of processes. Due times and leases go
 * by the database's clock, so that the machines need not agree on theirs; `clock` only moves it in
 * tests. Needs direct connections: session settings and LISTEN do not pass a transaction pooler.
 */
export async function openPostgresStore(
  config: PostgresConfig,
  deps: PostgresDeps,
): Promise<Store> {
  await migrateOnce(config, deps);
  const max = config.connectionsMax ?? connectionsMaxDefault;
  const writePool = openPool(config.url, max, limits);
  const readPool = openPool(config.url, max, { ...limits, default_transaction_read_only: "on" });
  const topics = createTopics({ log: deps.log });
  try {
    const wakeUps = await openWakeUps(writePool, topics.emit);
    let isClosed = false;
    const close = once(async () => {
      isClosed = true;
      await wakeUps.close();
      topics.close();
      await closePools([writePool, readPool]);
    });
    return createStore(deps, {
      writePool,
      readPool,
      wakeUps,
      topics,
      isClosed: () => isClosed,
      close,
    });
  } catch (thrown) {
    await closePools([writePool, readPool]);
    throw toStoreError(thrown);
  }
}

interface Parts {
  readonly writePool: SQL;
  readonly readPool: SQL;
  readonly wakeUps: WakeUps;
  readonly topics: ReturnType<typeof createTopics>;
  readonly isClosed: () => boolean;
  readonly close: () => Promise<void>;
}

function createStore({ clock }: PostgresDeps, parts: Parts): Store {
  const { wakeUps, topics } = parts;
  const writer = new Kysely<Schema>({ dialect: createWriterDialect(parts.writePool) });
  const now = () =>
    sql<number>`(floor(extract(epoch from now()) * 1000)::bigint + ${clock.offsetMs()}::bigint)`;
  const store: Store = {
    read: new Kysely<Schema>({ dialect: createReaderDialect(parts.readPool) }),
    get now() {
      return now();
    },
    skipLocked: true,
    isShared: true,
    async write(work) {
      if (parts.isClosed()) throw new AppError("unavailable", "the database is being closed");
      const woken = new Set<Topic>();
      const result = await transact(writer, async (query) => {
        const done = await work({ query, now: now(), wake: (topic) => woken.add(topic) });
        await wakeUps.announce(query, woken);
        return done;
      });
      for (const topic of woken) topics.emit(topic);
      return result;
    },
    subscribe: topics.subscribe,
    check: () => checkWrite(store),
    close: parts.close,
  };
  return store;
}

/**
 * Tries again what could not begin, and what the engine rolled back to end a deadlock. Nothing
 * else: after its first query a transaction may have committed.
 */
async function transact<T>(
  writer: Kysely<Schema>,
  work: (query: Tx["query"]) => Promise<T>,
): Promise<T> {
  for (const pauseMs of [...beginPausesMs, undefined]) {
    let hasBegun = false;
    try {
      return await writer.transaction().execute((query) => {
        hasBegun = true;
        return work(query);
      });
    } catch (thrown) {
      const isSafe = isVictim(thrown) || (!hasBegun && isLost(thrown));
      if (pauseMs === undefined || !isSafe) throw thrown;
      await Bun.sleep(pauseMs);
    }
  }
  throw new AppError("unavailable", "the database cannot be reached, try again");
}

function isLost(thrown: unknown): boolean {
  return thrown instanceof AppError && isConnectionLost(thrown.cause);
}

function isVictim(thrown: unknown): boolean {
  return thrown instanceof AppError && isTransactionVictim(thrown.cause);
}

/** On connections of its own, which may take as long as they need. */
async function migrateOnce(config: PostgresConfig, deps: PostgresDeps): Promise<void> {
  const pool = openPool(config.url, 2, { application_name: limits.application_name });
  try {
    const db = new Kysely<Schema>({ dialect: createWriterDialect(pool) });
    const migrations = deps.migrations ?? migrationsFor(postgresTypes);
    await migrate({ db, migrations, log: deps.log });
  } catch (thrown) {
    throw toStoreError(thrown);
  } finally {
    await closePools([pool]);
  }
}

function openPool(url: string, max: number, connection: Record<string, string>): SQL {
  return new SQL({ url, max, bigint: true, connectionTimeout: 10, connection });
}

async function closePools(pools: readonly SQL[]): Promise<void> {
  await Promise.all(pools.map((pool) => pool.close({ timeout: closeSecondsMax })));
}
