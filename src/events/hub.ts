import type { Clock } from "../clock.ts";
import type { Store, Topic } from "../db/store.ts";
import { createPump, type Pump } from "../jobs/pump.ts";
import type { Log } from "../log.ts";
import { type Batch, readBatch } from "./batch.ts";
import {
  type Audience,
  type Connection,
  cutConnection,
  deliver,
  isReady,
  type Reader,
  type StreamStatus,
} from "./connection.ts";
import type { EventScope } from "./log.ts";

/**
 * Brings the log to those who follow it. Each scope has one pump, which serves replay and live
 * events alike: read what is after each reader's cursor, write it, move the cursor. The table is
 * the only source, so a lost wake-up costs time and never an event; and readers who stand at the
 * same place, as a crowd does, cost one read.
 */
export interface Hub extends Audience {
  /** What the reader's `status` says, or said to others like it less than a second ago. */
  status(reader: Reader): Promise<StreamStatus>;
  /** Forgets everybody. @returns who was there. */
  close(): readonly Connection[];
}

export interface HubDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

interface Channel {
  readonly members: Set<Connection>;
  /** Those to be looked after next. */
  readonly waiting: Set<Connection>;
  readonly pump: Pump;
  /** The last look, until a wake-up says that there is more to see. */
  seen: Look | undefined;
}

/** One look at a scope: whether more will be said, then the events after some places. */
interface Look {
  readonly status: StreamStatus;
  readonly batches: Map<number, Batch>;
  readonly untilMs: number;
}

/** A lost wake-up is made good by the heartbeat: what that finds must be about this fresh. */
const lookMs = 1000;
/** Places in one log whose next events are kept with a look. */
const placesMax = 64;
export function openHub(deps: HubDeps): Hub {
  const channels = new Map<string, Channel>();

  const wakeAll = (channel: Channel) => {
    channel.seen = undefined;
    for (const member of channel.members) channel.waiting.add(member);
    channel.pump.wake();
  };
  const unsubscribe = deps.store.subscribe((topic) => {
    if (topic === undefined) {
      for (const channel of channels.values()) wakeAll(channel);
      return;
    }
    for (const key of [topic, signedInKey(topic)]) {
      const channel = channels.get(key);
      if (channel) wakeAll(channel);
    }
  });

  return {
    join(connection) {
      const key = keyOf(connection.reader);
      const channel = channels.get(key) ?? createChannel(deps);
      channels.set(key, channel);
      channel.members.add(connection);
    },
    leave(connection) {
      const key = keyOf(connection.reader);
      const channel = channels.get(key);
      channel?.waiting.delete(connection);
      channel?.members.delete(connection);
      if (channel?.members.size === 0) channels.delete(key);
    },
    look(connection) {
      const channel = channels.get(keyOf(connection.reader));
      channel?.waiting.add(connection);
      channel?.pump.wake();
    },
    async status(reader) {
      const seen = channels.get(keyOf(reader))?.seen;
      return seen && seen.untilMs > deps.clock.elapsed() ? seen.status : reader.status();
    },
    close() {
      unsubscribe();
      const members = [...channels.values()].flatMap((channel) => [...channel.members]);
      channels.clear();
      return members;
    },
  };
}

function createChannel(deps: HubDeps): Channel {
  const waiting = new Set<Connection>();
  const pump = createPump(async () => {
    const readers = [...waiting].filter(isReady);
    waiting.clear();
    const [first] = readers;
    if (!first) return;
    try {
      await serve(deps, channel, first.reader, readers);
    } catch (error) {
      deps.log.warn("event_stream_failed", { ...first.reader.scope, error });
      for (const reader of readers) cutConnection(reader, "the log cannot be read");
    }
  });
  const channel: Channel = { members: new Set(), waiting, pump, seen: undefined };
  return channel;
}

/** One look on behalf of all `readers` of a scope, and what it shows to each. */
async function serve(
  deps: HubDeps,
  channel: Channel,
  { scope, status }: Reader,
  readers: readonly Connection[],
): Promise<void> {
  const look = await lookAt(deps, channel, status);
  for (const [after, group] of Map.groupBy(readers, ({ cursor }) => cursor)) {
    const batch = look.batches.get(after) ?? (await readBatch(deps.store, scope, after));
    if (look.batches.size < placesMax) look.batches.set(after, batch);
    for (const reader of group) deliver(reader, look.status, batch);
  }
}

/**
 * The status comes first: when it says that nothing more will be said, the events that are read
 * after it lack nothing. A wake-up while it is asked for makes this look the last of its kind.
 */
async function lookAt(
  { clock }: HubDeps,
  channel: Channel,
  status: () => Promise<StreamStatus>,
): Promise<Look> {
  const { seen } = channel;
  if (seen && seen.untilMs > clock.elapsed()) return seen;
  const untilMs = clock.elapsed() + lookMs;
  const mark: Look = { status: "open", batches: new Map(), untilMs: 0 };
  channel.seen = mark;
  const look: Look = { status: await status(), batches: new Map(), untilMs };
  if (channel.seen === mark) channel.seen = look;
  return look;
}

/** Readers who share a look: of one scope, and with one kind of right to it. */
function keyOf({ scope, mayRead }: Reader): string {
  return mayRead ? signedInKey(topicOf(scope)) : topicOf(scope);
}

function signedInKey(topic: Topic): string {
  return `signed-in ${topic}`;
}

function topicOf(scope: EventScope): Topic {
  return "assetId" in scope ? `asset:${scope.assetId}` : `project:${scope.projectId}`;
}
