/** What an EventSource would dispatch, and what it would remember. */
export interface DispatchedEvent {
  readonly type: string;
  readonly data: string;
  /** The last event id at the time: what a reconnect would send. */
  readonly lastEventId: string;
}

export interface EventSourceReader {
  readonly events: readonly DispatchedEvent[];
  readonly comments: readonly string[];
  readonly retries: readonly number[];
  /** `open` until the body ends, then how it did. */
  readonly state: "open" | "ended" | "broken";
  readonly ended: Promise<void>;
  /** Goes away, as a closed browser tab does. */
  leave(): Promise<void>;
}

/**
 * Reads a body as the WHATWG standard has an EventSource read it ("interpreting an event stream").
 */
export function readEventSource(body: ReadableStream<Uint8Array>): EventSourceReader {
  const parser = createParser();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let state: EventSourceReader["state"] = "open";
  const ended = (async () => {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        parser.feed(decoder.decode(part.value, { stream: true }));
      }
      state = "ended";
    } catch {
      state = "broken";
    }
  })();
  return {
    ...parser.seen,
    get state() {
      return state;
    },
    ended,
    leave: () => reader.cancel(),
  };
}

/** Feeds may cut the text anywhere. */
export function createParser() {
  const seen = {
    events: [] as DispatchedEvent[],
    comments: [] as string[],
    retries: [] as number[],
  };
  let rest = "";
  let data: string[] = [];
  let type = "";
  let lastEventId = "";
  const takeLine = (line: string) => {
    if (line === "") {
      if (data.length > 0)
        seen.events.push({ type: type || "message", data: data.join("\n"), lastEventId });
      data = [];
      type = "";
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return void seen.comments.push(line.slice(1));
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    if (field === "event") type = value;
    if (field === "id" && !value.includes("\0")) lastEventId = value;
    if (field === "retry" && /^[0-9]+$/.test(value)) seen.retries.push(Number(value));
  };
  return {
    seen,
    feed(text: string) {
      rest += text;
      for (;;) {
        // A CR at the very end may be half of a CRLF: the next feed tells.
        const end = /\r\n|\n|\r(?!$)/.exec(rest);
        if (!end) return;
        const line = rest.slice(0, end.index);
        rest = rest.slice(end.index + end[0].length);
        takeLine(line);
      }
    },
  };
}
