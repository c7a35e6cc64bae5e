/** One event as a reader of the stream saw it. */
export interface SeenEvent {
  readonly id: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/**
 * Reads an event stream until it ends or breaks, by the rules of the WHATWG format for the three
 * fields that the server writes.
 * @returns what was seen, in order; nothing more after a 204.
 */
export async function readEvents(
  url: string,
  options: { readonly after?: number; readonly until?: (event: SeenEvent) => boolean } = {},
): Promise<SeenEvent[]> {
  const headers: Record<string, string> = {};
  if (options.after !== undefined) headers["Last-Event-ID"] = String(options.after);
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  if (response.status === 204 || !response.body) return [];
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const seen: SeenEvent[] = [];
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for await (const chunk of response.body) {
      buffer += decoder.decode(chunk, { stream: true });
      const frames = buffer.split("\n\n");
      buffer = frames.pop() ?? "";
      for (const event of frames.map(parseFrame)) {
        if (!event) continue;
        seen.push(event);
        if (options.until?.(event)) return seen;
      }
    }
  } catch {
    // The server died in the middle: what was seen is what counts.
  } finally {
    stop.abort();
  }
  return seen;
}

function parseFrame(frame: string): SeenEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of frame.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""));
  }
  const id = fields.get("id");
  const type = fields.get("event");
  const data = fields.get("data");
  if (id === undefined || type === undefined || data === undefined) return undefined;
  return { id: Number(id), type, data: JSON.parse(data) as Record<string, unknown> };
}
