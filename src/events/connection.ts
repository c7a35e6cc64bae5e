import type { Clock } from "../clock.ts";
import type { Batch } from "./batch.ts";
import type { EventScope } from "./log.ts";
import { cursorFrame, pingFrame, resetFrame, retryFrame } from "./sse.ts";
import type { Wheel } from "./wheel.ts";

/**
 * Whether more can be said: `ended` when nothing will, `gone` when what it was about is deleted.
 */
export type StreamStatus = "open" | "ended" | "gone";

/** Those who follow the log, as one of them sees it. */
export interface Audience {
  /** From now on the connection is looked after whenever its scope may have news. */
  join(connection: Connection): void;
  leave(connection: Connection): void;
  /**
   * Has the connection looked after now: it is new, or has room again, or a wake-up may be lost.
   */
  look(connection: Connection): void;
}

export interface ConnectionDeps {
  readonly hub: Audience;
  readonly wheel: Wheel<Connection>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called once for each connection, when it has ended in whatever way. */
  readonly onClose: (connection: Connection) => void;
}

/** Who reads what. */
export interface Reader {
  readonly scope: EventScope;
  /** The network address, for the limit on each. */
  readonly address: string;
  /** Asked again whenever there may be news; one answer serves every reader of the scope. */
  readonly status: () => Promise<StreamStatus>;
  /**
   * Whether this very reader may still read, for one who is signed in: asked with each heartbeat.
   * Such readers share no looks with the public, whose right hangs on the project's key.
   */
  readonly mayRead?: () => Promise<boolean>;
  /** Tells the reader where it stands before the first event, so that it loses none. */
  readonly tellsCursor?: boolean;
}

/**
 * One reader of the log: a plain record, worked on by the functions below. Ten thousand of them
 * must cost little, and functions of its own would be most of what each costs.
 */
export interface Connection {
  readonly deps: ConnectionDeps;
  readonly reader: Reader;
  readonly openedAtMs: number;
  /** The id of the last event that was written. */
  cursor: number;
  isClosed: boolean;
  /** A look was put off for want of room. */
  isBlocked: boolean;
  /** Heartbeats since the reader last took anything, while it had something to take. */
  stalledBeats: number;
  slot: number;
  controller: ReadableStreamDefaultController<Uint8Array> | undefined;
}

/** A comment this often; with it each stream reads again, in case a wake-up was lost. */
export const heartbeatMs = 15_000;
/** After this long a reader has to connect again, which finds dead proxies and new servers. */
const ageMsMax = 5 * 60_000;
/**
 * Writes that may wait in a body before its next events have to wait, too: with what one read may
 * bring, at most 256 events or 1 MiB. Counted, because a strategy that measures bytes costs each
 * stream 4 KB.
 */
const queue = { highWaterMark: 2 } as const;
/** Reconnects are spread over this long: after a stream's own end, and when the server stops. */
const retryMs = { min: 1000, spread: 2000, stopSpread: 9000 } as const;

/** Opens a connection and begins to write to its body what comes after `cursor`. */
export function openConnection(
  deps: ConnectionDeps,
  reader: Reader,
  cursor: number,
): ReadableStream<Uint8Array> {
  const connection: Connection = {
    deps,
    reader,
    openedAtMs: deps.clock.elapsed(),
    cursor,
    isClosed: false,
    isBlocked: false,
    stalledBeats: 0,
    slot: 0,
    controller: undefined,
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        connection.controller = controller;
        controller.enqueue(retryFrame(jittered(deps.random, retryMs.spread)));
        if (reader.tellsCursor) controller.enqueue(cursorFrame(cursor));
      },
      pull: () => takeUp(connection),
      cancel: () => void leave(connection),
    },
    queue,
  );
  connection.slot = deps.wheel.add(connection);
  // Before the first look, or an event between the two would be heard by nobody.
  deps.hub.join(connection);
  deps.hub.look(connection);
  return body;
}

/**
 * Whether a look is of use now. If not, for want of room, it is made up for when there is some.
 */
export function isReady(connection: Connection): boolean {
  connection.isBlocked = !hasRoom(connection);
  return !connection.isBlocked;
}

/** Writes what a look has brought, or ends the body where there is no more. */
export function deliver(connection: Connection, status: StreamStatus, batch: Batch): void {
  if (status === "gone") end(connection, resetFrame("deleted"));
  if (connection.isClosed) return;
  if (batch.bytes.length > 0) connection.controller?.enqueue(batch.bytes);
  connection.cursor = batch.lastId;
  if (!batch.isLast) connection.deps.hub.look(connection);
  else if (status === "ended") end(connection);
}

/** The heartbeat: a ping, another look, and the end of who is too old or takes nothing. */
export function beatConnection(connection: Connection): void {
  const ageMs = connection.deps.clock.elapsed() - connection.openedAtMs;
  connection.stalledBeats = hasRoom(connection) ? 0 : connection.stalledBeats + 1;
  if (ageMs + heartbeatMs > ageMsMax) {
    end(connection);
  } else if (connection.stalledBeats > 1) {
    cutConnection(connection, "the reader takes nothing");
  } else if (hasRoom(connection)) {
    connection.controller?.enqueue(pingFrame);
    connection.deps.hub.look(connection);
  }
  if (connection.reader.mayRead) void checkReader(connection, connection.reader.mayRead);
}

/** What cannot be told counts as no: whoever may read comes back. */
async function checkReader(connection: Connection, mayRead: () => Promise<boolean>): Promise<void> {
  if (!(await mayRead().catch(() => false))) end(connection);
}

/** Ends it with a word on when to come back, for the server is stopping. */
export function dismissConnection(connection: Connection): void {
  end(connection, retryFrame(jittered(connection.deps.random, retryMs.stopSpread)));
}

/** Breaks the body off: what was not taken is dropped. The reader's cursor makes it whole. */
export function cutConnection(connection: Connection, reason: string): void {
  if (leave(connection)) connection.controller?.error(new Error(reason));
}

/** The reader has taken something. */
function takeUp(connection: Connection): void {
  connection.stalledBeats = 0;
  if (connection.isBlocked) connection.deps.hub.look(connection);
}

/** Ends the body after what was written. */
function end(connection: Connection, last?: Uint8Array): void {
  if (!leave(connection)) return;
  if (last && hasRoom(connection)) connection.controller?.enqueue(last);
  connection.controller?.close();
}

/** @returns false when it has left before. */
function leave(connection: Connection): boolean {
  if (connection.isClosed) return false;
  const { deps, slot } = connection;
  connection.isClosed = true;
  deps.hub.leave(connection);
  deps.wheel.remove(slot, connection);
  deps.onClose(connection);
  return true;
}

function hasRoom({ controller }: Connection): boolean {
  return (controller?.desiredSize ?? 0) > 0;
}

function jittered(random: () => number, spreadMs: number): number {
  return retryMs.min + Math.floor(random() * spreadMs);
}
