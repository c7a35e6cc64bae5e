import type { Store } from "../db/store.ts";
import { type EventScope, readEvents } from "./log.ts";
import { encodeFrames, eventFrame } from "./sse.ts";

/** What one read brought: perhaps nothing. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly lastId: number;
  /** Whether there was nothing after it. */
  readonly isLast: boolean;
}

/** What one read may bring: no more than this is ever unsent, whatever the reader does. */
const batchMax = { events: 128, bytes: 512 * 1024 } as const;

/** Reads the next events of a scope after `after`, as the bytes of a stream. */
export async function readBatch(store: Store, scope: EventScope, after: number): Promise<Batch> {
  const rows = await readEvents(store.read, scope, { after, limit: batchMax.events });
  const frames: string[] = [];
  let length = 0;
  for (const row of rows) {
    const frame = eventFrame(row);
    length += frame.length;
    if (frames.length > 0 && length > batchMax.bytes) break;
    frames.push(frame);
  }
  return {
    bytes: encodeFrames(frames),
    lastId: rows[frames.length - 1]?.id ?? after,
    isLast: frames.length === rows.length && rows.length < batchMax.events,
  };
}
