import { randomUUID } from "node:crypto";
import type { SQL } from "bun";
import { sql } from "kysely";
import type { Topic, Tx } from "../store.ts";

/** Carries wake-ups between the processes of one database, by LISTEN and NOTIFY. */
export interface WakeUps {
  /** Tells the other processes, when and if the transaction commits. */
  announce(query: Tx["query"], topics: ReadonlySet<Topic>): Promise<void>;
  close(): Promise<void>;
}

const channel = "motioness_wake_up";
/** PostgreSQL refuses a payload of 8,000 bytes; whoever wakes so much wakes everything. */
const payloadLengthMax = 7000;
const everything = "*";

/**
 * Listens on a connection of its own, which the client restores when it breaks. What was sent in
 * between is lost; so each time it listens, `emit(undefined)` has everything read again.
 */
export async function openWakeUps(
  pool: SQL,
  emit: (topic: Topic | undefined) => void,
): Promise<WakeUps> {
  const sender = randomUUID();
  const hear = (payload: string) => {
    const [from, ...topics] = payload.split(" ");
    // Our own commits have woken this process already, without the way through the server.
    if (from === sender) return;
    for (const topic of topics) emit(topic === everything ? undefined : (topic as Topic));
  };
  const subscription = await pool.listen(channel, hear, () => emit(undefined));
  return {
    async announce(query, topics) {
      if (topics.size === 0) return;
      const list = [...topics].join(" ");
      const text = list.length > payloadLengthMax ? everything : list;
      await sql`select pg_notify(${channel}, ${`${sender} ${text}`})`.execute(query);
    },
    close: () => subscription.unlisten(),
  };
}
