import { wireEvents } from "../src/events/wire-event.ts";
import type { AssetEvent } from "./stages.ts";

/** The events after which nothing more happens to a generation. */
const terminalNames: readonly string[] = ["ready", "failed", "cancelled"];

/** What is told of webhooks is no part of an asset's making. */
const names = wireEvents.filter((name) => !name.startsWith("webhook_"));

/** An asset has a few dozen events; a stream that sends more than this is not one of ours. */
const eventsMax = 2000;

export interface StreamOptions {
  readonly url: string;
  /** A terminal event up to this id ended an earlier generation and does not end the reading. */
  readonly settledId: number;
  /** All events so far, oldest first; called once for each new one. */
  readonly onEvents: (events: readonly AssetEvent[]) => void;
  /** False while the connection is lost and the browser is trying again. */
  readonly onConnected: (isConnected: boolean) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads an asset's event stream until a terminal event, and resolves with it; with undefined when
 * the server ends the stream for good or the page is hidden. (A browser has six HTTP/1.1
 * connections to a host for all its tabs together, so a hidden tab must not keep one.)
 */
export function readEvents(options: StreamOptions): Promise<AssetEvent | undefined> {
  const { signal } = options;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const source = new EventSource(options.url);
    const events: AssetEvent[] = [];
    const finish = (ended: AssetEvent | undefined) => {
      source.close();
      signal.removeEventListener("abort", abort);
      document.removeEventListener("visibilitychange", hide);
      resolve(ended);
    };
    const abort = () => {
      reject(signal.reason);
      finish(undefined);
    };
    const hide = () => document.hidden && finish(undefined);
    const receive = (message: MessageEvent) => {
      const event = parseEvent(message);
      if (event === undefined || event.id <= (events.at(-1)?.id ?? -1)) return;
      events.push(event);
      options.onEvents(events);
      const isTerminal = terminalNames.includes(event.name) && event.id > options.settledId;
      if (isTerminal || events.length >= eventsMax) finish(event);
    };
    for (const name of names) source.addEventListener(name, receive);
    // The server forgot what the cursor stood for and sends everything anew.
    source.addEventListener("reset", () => events.splice(0));
    source.addEventListener("open", () => options.onConnected(true));
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) finish(undefined);
      else options.onConnected(false);
    });
    signal.addEventListener("abort", abort);
    document.addEventListener("visibilitychange", hide);
  });
}

/** One frame as an event, or undefined for one that is not as documented. */
export function parseEvent(
  message: Pick<MessageEvent, "type" | "data" | "lastEventId">,
): AssetEvent | undefined {
  const id = Number.parseInt(message.lastEventId, 10);
  const data = parseRecord(message.data);
  const ts = data?.["ts"];
  if (!Number.isSafeInteger(id) || data === undefined || typeof ts !== "number") return undefined;
  const stage = textOf(data["stage"]);
  const errorCode = textOf(data["error_code"]);
  const errorMsg = textOf(data["error_msg"]);
  return {
    id,
    name: message.type,
    ts,
    ...(stage !== undefined && { stage }),
    ...(errorCode !== undefined && { errorCode }),
    ...(errorMsg !== undefined && { errorMsg }),
  };
}

function parseRecord(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null ? (value as never) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
