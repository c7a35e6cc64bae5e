/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
  /** The server's wish for the time before the next connection. */
  readonly retryMs: number | undefined;
}

/** A line longer than this is no event of ours; the stream is given up. */
const bufferLengthMax = 1024 * 1024;

/**
 * Parses an event stream (WHATWG HTML §9.2.6): UTF-8, lines that end with LF, CR or both, a blank
 * line to end an event, comments skipped. A `retry` without data is passed on with empty data.
 */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new TextDecoder();
  let buffer = "";
  for await (const chunk of chunksOf(body)) {
    buffer += decoder.decode(chunk, { stream: true });
    // A CR at the end may be the first half of a CRLF.
    const blocks = buffer.split(/\r\n\r\n|\n\n|\r\r(?!\n)/);
    buffer = blocks.pop() ?? "";
    if (buffer.length > bufferLengthMax) throw new Error("an event is too long");
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) yield event;
    }
  }
}

/** Streams can be iterated in all servers, but not yet in all browsers. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parseBlock(block: string): ServerSentEvent | undefined {
  let id: string | undefined;
  let event = "message";
  let retryMs: number | undefined;
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [field, value] = fieldOf(line);
    if (field === "id") id = value;
    else if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (field === "retry" && /^\d+$/.test(value)) retryMs = Number(value);
  }
  if (data.length === 0 && retryMs === undefined) return undefined;
  return { id, event, data: data.join("\n"), retryMs };
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}
