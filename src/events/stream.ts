import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import {
  type Connection,
  type ConnectionDeps,
  heartbeatMs,
  openConnection,
  type StreamStatus,
} from "./connection.ts";
import { type ConnectionLimits, createConnectionLimit } from "./connection-limit.ts";
import { openHub } from "./hub.ts";
import { type EventScope, newestEventId } from "./log.ts";
import { openWheel } from "./wheel.ts";

export interface StreamRequest {
  readonly scope: EventScope;
  /** The id of the last event the reader has seen; undefined for all of them. */
  readonly cursor: number | undefined;
  /** The reader's network address, for the limit on each. */
  readonly address: string;
  /** Asked again whenever there may be news; one answer serves every reader of the scope. */
  readonly status: () => Promise<StreamStatus>;
}

/** The open event streams of this process. */
export interface EventStreams {
  /** How many are open. */
  readonly count: number;
  /**
   * Opens a stream: the body of a `text/event-stream` response. Undefined when the reader has seen
   * everything and nothing more will come: answer 204, which stops an EventSource.
   * @throws AppError `not_found` when the scope is gone, `unavailable` when too many are open.
   */
  open(request: StreamRequest): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Ends every stream, asking the readers to come back after a while, each at another time. */
  close(): void;
}

export interface EventStreamsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Uniform in [0, 1): spreads reconnects. */
  readonly random: () => number;
  readonly limits?: ConnectionLimits;
}

const wheelSlots = 150;
const limitsDefault: ConnectionLimits = { totalMax: 20_000, perAddressMax: 2000 };

export function openEventStreams(deps: EventStreamsDeps): EventStreams {
  const { store, clock } = deps;
  const hub = openHub(deps);
  const wheel = openWheel({ clock, periodMs: heartbeatMs, slots: wheelSlots });
  const limit = createConnectionLimit(deps.limits ?? limitsDefault);
  const connections = new Set<Connection>();
  const connectionDeps: ConnectionDeps = { ...deps, hub, wheel };
  let isClosed = false;

  return {
    get count() {
      return limit.total;
    },
    async open(request) {
      const leave = limit.enter(request.address);
      const cursor = await placeCursor(store, request).catch((thrown) => {
        leave();
        throw thrown;
      });
      if (cursor === undefined || isClosed) {
        leave();
        // Never a 204 now: it would keep the reader from asking the next server.
        if (isClosed) throw new AppError("unavailable", "the server is stopping");
        return undefined;
      }
      const connection = openConnection(connectionDeps, {
        scope: request.scope,
        status: request.status,
        cursor,
        onClose() {
          connections.delete(connection);
          leave();
        },
      });
      connections.add(connection);
      return connection.body;
    },
    close() {
      isClosed = true;
      for (const connection of connections) connection.end();
      wheel.close();
      hub.close();
    },
  };
}

/**
 * Where the stream begins: after the reader's cursor, but not after the newest event, for a cursor
 * from the future would mute the stream for ever. Undefined when there is nothing to stream.
 */
async function placeCursor(
  store: Store,
  { scope, cursor, status }: StreamRequest,
): Promise<number | undefined> {
  // In this order: what had ended before the newest event was looked up says nothing after it.
  const present = await status();
  if (present === "gone") throw new AppError("not_found", "not found");
  if (cursor === undefined) return 0;
  const newest = await newestEventId(store.read, scope);
  if (present === "ended" && cursor >= newest) return undefined;
  return Math.min(cursor, newest);
}
