import type { EventRow } from "../db/schema.ts";

/** The format of WHATWG HTML, "Server-sent events": UTF-8, fields by line, a blank line to end. */
const encoder = new TextEncoder();

/** A comment, which clients skip: it keeps proxies from thinking the connection dead. */
export const pingFrame = encoder.encode(": ping\n\n");

/** `id:`, `event:` and `data:` of one event, exactly. */
export function eventFrame({
  id,
  type,
  payload,
}: Pick<EventRow, "id" | "type" | "payload">): string {
  return `id: ${id}\nevent: ${type}\ndata: ${oneLine(payload)}\n\n`;
}

/** Tells the client how long to wait before it connects again. */
export function retryFrame(retryMs: number): Uint8Array {
  return encoder.encode(`retry: ${retryMs}\n\n`);
}

/** Only a place to go on from: an EventSource remembers it and dispatches nothing. */
export function cursorFrame(id: number): Uint8Array {
  return encoder.encode(`id: ${id}\n\n`);
}

/** A control frame: what the client knows is void. Without `id`, so its cursor stays. */
export function resetFrame(reason: "deleted"): Uint8Array {
  return encoder.encode(`event: reset\ndata: ${JSON.stringify({ reason })}\n\n`);
}

/** The bytes of several frames. */
export function encodeFrames(frames: readonly string[]): Uint8Array {
  return encoder.encode(frames.join(""));
}

/**
 * A reader's cursor, from `Last-Event-ID` or the query: the id of the last event it has seen.
 * Anything else counts as none, for an error status would stop an EventSource for good.
 */
export function parseCursor(text: string | null | undefined): number | undefined {
  if (!text || !/^[0-9]{1,16}$/.test(text)) return undefined;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : undefined;
}

/**
 * JSON has line breaks between its tokens only, where a space is as good; the two that JSON allows
 * inside strings and other readers of lines do not are escaped.
 */
function oneLine(json: string): string {
  return json
    .replaceAll(/[\r\n]+/g, " ")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
