import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import type { Log } from "../log.ts";
import { apiKeyPrefix, parseScopes } from "./api-keys.ts";
import { type Caller, roleOf } from "./caller.ts";
import { hashToken, isToken } from "./tokens.ts";

export interface KeyRingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Knows API keys without asking the database each time, and without writing for each request. */
export interface KeyRing {
  /** Whose key it is; undefined when it is none, revoked, expired, or its user is disabled. */
  find(key: string): Promise<Caller | undefined>;
  /** Writes down what was used since the last time. */
  close(): Promise<void>;
}

/**
 * A key that is revoked, here or on another machine, is forgotten when its topic is woken. The
 * command line, beside a server on SQLite, wakes nobody: the key is good for this much longer.
 */
const rememberedMs = 15_000;
const keysMax = 10_000;
/** When keys were last used is written down once in this time, for all of them at once. */
const usePeriodMs = 60_000;

interface Remembered {
  readonly id: string;
  readonly caller: Caller;
  readonly expiresAt: number | null;
  readonly readAtMs: number;
}

/** @returns the ring; it holds a timer while there are uses to be written down. */
export function openKeyRing({ store, clock, log }: KeyRingDeps): KeyRing {
  const remembered = new Map<string, Remembered>();
  const used = new Map<string, number>();
  let cancelFlush: (() => void) | undefined;
  let epoch = 0;

  const flush = async () => {
    cancelFlush = undefined;
    const uses = [...used];
    used.clear();
    if (uses.length === 0) return;
    await writeUses(store, uses).catch((error) => log.warn("key_uses_not_written", { error }));
  };
  const noteUse = (id: string) => {
    used.set(id, clock.now());
    cancelFlush ??= clock.schedule(usePeriodMs, () => void flush());
  };
  const look = async (hash: string) => {
    const known = remembered.get(hash);
    if (known && clock.elapsed() - known.readAtMs < rememberedMs) return known;
    remembered.delete(hash);
    const asked = epoch;
    const found = await findKey(store, hash, clock.elapsed());
    // Revoked while the database was asked: what it answered may be from before.
    if (found && asked === epoch) remembered.set(hash, found);
    const [oldest] = remembered.keys();
    if (remembered.size > keysMax && oldest !== undefined) remembered.delete(oldest);
    return found;
  };

  const unsubscribe = store.subscribe((topic) => {
    if (topic !== "accounts" && topic !== undefined) return;
    epoch += 1;
    remembered.clear();
  });

  return {
    async find(key) {
      if (!isToken(key, apiKeyPrefix)) return undefined;
      const found = await look(hashToken(key));
      if (!found || (found.expiresAt !== null && found.expiresAt <= clock.now())) return undefined;
      noteUse(found.id);
      return found.caller;
    },
    async close() {
      unsubscribe();
      cancelFlush?.();
      await flush();
    },
  };
}

async function findKey(
  store: Store,
  hash: string,
  readAtMs: number,
): Promise<Remembered | undefined> {
  const row = await store.read
    .selectFrom("api_keys")
    .innerJoin("users", "users.id", "api_keys.user_id")
    .select(["api_keys.id", "user_id", "scopes", "expires_at", "role"])
    .where("hash", "=", hash)
    .where("revoked_at", "is", null)
    .where("users.disabled_at", "is", null)
    .executeTakeFirst();
  if (!row) return undefined;
  const caller: Caller = {
    userId: row.user_id,
    role: roleOf(row.role),
    via: "key",
    scopes: parseScopes(row.scopes),
    key: { id: row.id, endsAt: row.expires_at ?? undefined },
  };
  return { id: row.id, caller, expiresAt: row.expires_at, readAtMs };
}

async function writeUses(
  store: Store,
  uses: readonly (readonly [string, number])[],
): Promise<void> {
  await store.write(async ({ query }) => {
    for (const [id, usedAt] of uses) {
      await query
        .updateTable("api_keys")
        .set({ last_used_at: usedAt })
        .where("id", "=", id)
        .execute();
    }
  });
}
