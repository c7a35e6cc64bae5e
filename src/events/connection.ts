import type { Clock } from "../clock.ts";
import type { Store } from "../db/store.ts";
import { createPump } from "../jobs/pump.ts";
import type { Log } from "../log.ts";
import type { Hub } from "./hub.ts";
import { type EventScope, readEvents } from "./log.ts";
import { createOutlet } from "./outlet.ts";
import { encodeFrames, eventFrame, pingFrame, resetFrame, retryFrame } from "./sse.ts";
import type { Wheel } from "./wheel.ts";

/** Whether more can be said: `ended` when nothing will, `gone` when what it was about is deleted. */
export type StreamStatus = "open" | "ended" | "gone";

export interface ConnectionDeps {
  readonly store: Store;
  readonly hub: Hub;
  readonly wheel: Wheel;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

export interface ConnectionOptions {
  readonly scope: EventScope;
  readonly status: () => Promise<StreamStatus>;
  /** The first event is the one after this id. */
  readonly cursor: number;
  readonly onClose: () => void;
}

export interface Connection {
  readonly body: ReadableStream<Uint8Array>;
  /** Says when to come back, and ends it. */
  end(): void;
}

/** A comment this often; with it each stream reads again, in case a wake-up was lost. */
export const heartbeatMs = 15_000;
/** After this long a reader has to connect again, which finds dead proxies and new servers. */
const ageMsMax = 5 * 60_000;
/** What one read may bring: no more than this is ever unsent, whatever the reader does. */
const batchMax = { events: 128, bytes: 512 * 1024 } as const;
/** Different places in one log whose next events are remembered, between two wake-ups. */
const placesMax = 64;
/** Reconnects are spread over this long: after a stream's own end, and when the server stops. */
const retryMs = { min: 1000, spread: 2000, stopSpread: 9000 } as const;

interface Batch {
  readonly bytes: Uint8Array;
  readonly lastId: number;
}

/**
 * One reader of the log. A single pump serves replay and live events alike: read what is after the
 * cursor, write it, move the cursor, and once more if woken meanwhile. The table is the only
 * source, so a lost wake-up costs time and never an event. Nothing is read that the reader has no
 * room for; one that takes nothing for two heartbeats is cut off, and its cursor makes it whole.
 */
export function openConnection(deps: ConnectionDeps, options: ConnectionOptions): Connection {
  const openedAtMs = deps.clock.elapsed();
  let cursor = options.cursor;
  let stalledBeats = 0;

  const pump = createPump(async () => {
    try {
      while (outlet.hasRoom() && !pump.isStopped) {
        const { status, batch } = await look(deps, options, cursor);
        if (pump.isStopped) return;
        if (status === "gone") return end(resetFrame("deleted"));
        if (!batch) return status === "ended" ? end() : undefined;
        outlet.write(batch.bytes);
        cursor = batch.lastId;
      }
    } catch (error) {
      deps.log.warn("event_stream_failed", { ...options.scope, error });
      cut("the log cannot be read");
    }
  });
  /** @returns false when it has left before. */
  const leave = () => {
    if (pump.isStopped) return false;
    void pump.stop();
    leaveHub();
    leaveWheel();
    options.onClose();
    return true;
  };
  const end = (last?: Uint8Array) => {
    if (!leave()) return;
    if (last && outlet.hasRoom()) outlet.write(last);
    outlet.close();
  };
  const cut = (reason: string) => {
    if (leave()) outlet.cut(reason);
  };
  const beat = () => {
    if (deps.clock.elapsed() - openedAtMs + heartbeatMs > ageMsMax) return end();
    stalledBeats = outlet.hasRoom() ? 0 : stalledBeats + 1;
    if (stalledBeats > 1) return cut("the reader takes nothing");
    if (outlet.hasRoom()) outlet.write(pingFrame);
    pump.wake();
  };
  const outlet = createOutlet({
    onRoom() {
      stalledBeats = 0;
      pump.wake();
    },
    onGone: leave,
  });

  outlet.write(retryFrame(jittered(deps.random, retryMs.spread)));
  // Before the first read, or an event between the two would be heard by nobody.
  const leaveHub = deps.hub.join(options.scope, pump.wake);
  const leaveWheel = deps.wheel.add(beat);
  pump.wake();
  const stop = () => end(retryFrame(jittered(deps.random, retryMs.stopSpread)));
  return { body: outlet.body, end: stop };
}

/**
 * The status first, then the events: when the first says `ended`, the second lacks nothing. Both
 * are shared by everybody who stands at the same place.
 */
async function look(
  { hub, store }: ConnectionDeps,
  { scope, status }: ConnectionOptions,
  after: number,
): Promise<{ readonly status: StreamStatus; readonly batch: Batch | undefined }> {
  const present = await hub.share(scope, "status", async () => ({
    status: await status(),
    events: new Map<number, Promise<Batch | undefined>>(),
  }));
  const known = present.events.get(after) ?? readBatch(store, scope, after);
  if (present.events.size < placesMax) present.events.set(after, known);
  return { status: present.status, batch: await known };
}

async function readBatch(
  store: Store,
  scope: EventScope,
  after: number,
): Promise<Batch | undefined> {
  const rows = await readEvents(store.read, scope, { after, limit: batchMax.events });
  const frames: string[] = [];
  let length = 0;
  let lastId = after;
  for (const row of rows) {
    const frame = eventFrame(row);
    length += frame.length;
    if (frames.length > 0 && length > batchMax.bytes) break;
    frames.push(frame);
    lastId = row.id;
  }
  return frames.length > 0 ? { bytes: encodeFrames(frames), lastId } : undefined;
}

function jittered(random: () => number, spreadMs: number): number {
  return retryMs.min + Math.floor(random() * spreadMs);
}
