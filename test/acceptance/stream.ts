import { expect } from "bun:test";
import { createParser } from "../support/event-source.ts";
import type { Client } from "./client.ts";

/** An event as an EventSource dispatches it, with its data read. */
export interface Heard {
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** When it came, Unix milliseconds. */
  readonly cameAt: number;
}

export interface Stream {
  readonly response: Response;
  readonly heard: readonly Heard[];
  readonly comments: readonly string[];
  /** Every byte of it so far. */
  text(): string;
  /** Resolves with what `find` finds, as soon as it does. */
  until<T>(find: (stream: Stream) => T | undefined): Promise<T>;
  /** Resolves with the first event of that name. */
  hears(event: string): Promise<Heard>;
  /** Resolves with all events once the server has ended the stream. */
  ended(): Promise<readonly Heard[]>;
  /** Goes away, as a closed tab does. */
  leave(): Promise<void>;
}

/** Subscribes as `curl -N` and an EventSource do. */
export async function subscribe(
  client: Client,
  path: string,
  headers: Record<string, string> = {},
): Promise<Stream> {
  const response = await client.open(path, headers);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  if (!response.body) throw new Error("the stream has no body");
  return readStream(response, response.body);
}

function readStream(response: Response, body: ReadableStream<Uint8Array>): Stream {
  const parser = createParser();
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  const ended = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const piece = decoder.decode(part.value, { stream: true });
      text += piece;
      parser.feed(piece);
      for (const { type, data, lastEventId } of parser.seen.events.slice(heard.length)) {
        const read = JSON.parse(data) as Heard["data"];
        heard.push({ id: Number(lastEventId), event: type, data: read, cameAt: Date.now() });
      }
      for (const look of waiting) look();
    }
  })();
  const until = <T>(find: (stream: Stream) => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const found = find(stream);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      const tooLate = () => reject(new Error(`the stream ended before that:\n${text}`));
      ended.then(tooLate, reject);
    });
  const stream: Stream = {
    response,
    heard,
    comments: parser.seen.comments,
    text: () => text,
    until,
    hears: (event) => until(() => heard.find((one) => one.event === event)),
    ended: async () => {
      await ended;
      return heard;
    },
    leave: () => reader.cancel(),
  };
  return stream;
}
