import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * What a committed write may wake: the job runner, readers of one asset or project, or whoever
 * remembers who may do what. A wake-up carries no data; whoever hears it reads the tables again, so
 * a lost one costs only latency.
 */
export type Topic = "jobs" | "accounts" | `asset:${string}` | `project:${string}`;

/** An open transaction. Nothing but its queries may be awaited inside. */
export interface Tx {
  readonly query: Transaction<Schema>;
  /** The present as the database sees it: Unix milliseconds. */
  readonly now: RawBuilder<number>;
  /** Announces `topic` once this transaction has committed, and never otherwise. */
  wake(topic: Topic): void;
}

/**
 * The database. Stores are written once as Kysely queries that both engines share; the engines
 * differ only in their driver and in the values declared here.
 */
export interface Store {
  /**
   * Committed data only, beside any open write. Reads cannot be grouped in a transaction. A `sum`
   * needs `cast(… as bigint)`: of int8 Postgres makes a numeric, which arrives as text.
   */
  readonly read: Kysely<Schema>;
  /** As `Tx.now`, for reads. */
  readonly now: RawBuilder<number>;
  /** Whether a claim may skip rows that another process holds. */
  readonly skipLocked: boolean;
  /** Whether other processes may write here too: their crashed jobs wait for the lease. */
  readonly isShared: boolean;
  /**
   * Runs `work` in one transaction. A statement that fails dooms it, even where `work` catches
   * that: use `on conflict` instead. One write must not wait for another inside. Retries by itself
   * what the engine could not even begin (a busy file, a lost connection before the first query),
   * or rolled back to end a deadlock, so that `work` may run more than once; throws `unavailable`
   * when that does not help.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Hears every topic; `undefined` means that some may have been missed: read everything again. */
  subscribe(listener: (topic: Topic | undefined) => void): () => void;
  /** Throws `unavailable` unless a write can be committed now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
