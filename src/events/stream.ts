import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import {
  beatConnection,
  type ConnectionDeps,
  dismissConnection,
  heartbeatMs,
  openConnection,
  type Reader,
} from "./connection.ts";
import { type ConnectionLimits, createConnectionLimit } from "./connection-limit.ts";
import { type Hub, openHub } from "./hub.ts";
import { newestEventId } from "./log.ts";
import { openWheel } from "./wheel.ts";

export interface StreamRequest extends Reader {
  /** The id of the last event the reader has seen; undefined for all of them. */
  readonly cursor: number | undefined;
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
  const limit = createConnectionLimit(deps.limits ?? limitsDefault);
  const hub = openHub(deps);
  let isClosed = false;
  const context: ConnectionDeps = {
    ...deps,
    hub,
    wheel: openWheel({
      clock,
      periodMs: heartbeatMs,
      slots: wheelSlots,
      beat: beatConnection,
    }),
    onClose: ({ reader }) => limit.leave(reader.address),
  };

  return {
    get count() {
      return limit.total;
    },
    async open(request) {
      const { address } = request;
      limit.enter(address);
      const cursor = await placeCursor(store, hub, request).catch((thrown) => {
        limit.leave(address);
        throw thrown;
      });
      if (cursor === undefined || isClosed) {
        limit.leave(address);
        // Never a 204 now: it would keep the reader from asking the next server.
        if (isClosed) throw new AppError("unavailable", "the server is stopping");
        return undefined;
      }
      return openConnection(context, request, cursor);
    },
    close() {
      isClosed = true;
      for (const connection of hub.close()) dismissConnection(connection);
      context.wheel.close();
    },
  };
}

/**
 * Where the stream begins: after the reader's cursor, but not after the newest event, for a cursor
 * from the future would mute the stream for ever. Undefined when there is nothing to stream.
 */
async function placeCursor(
  store: Store,
  hub: Hub,
  request: StreamRequest,
): Promise<number | undefined> {
  const { scope, cursor, status } = request;
  // Nobody is sent away for good by what was seen a moment ago; in this order, because what had
  // ended before the newest event was looked up says nothing after it.
  const present = await (cursor === undefined ? hub.status(request) : status());
  if (present === "gone") throw new AppError("not_found", "not found");
  if (cursor === undefined) return 0;
  const newest = await newestEventId(store.read, scope);
  if (present === "ended" && cursor >= newest) return undefined;
  return Math.min(cursor, newest);
}
