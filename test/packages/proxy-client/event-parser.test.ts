import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseEvents } from "../../../packages/proxy-client/src/event-parser.ts";

async function parse(text: string, cuts: readonly number[] = []) {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  const sorted = places.sort((a, b) => a - b);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const [index, place] of sorted.slice(1).entries()) {
        controller.enqueue(bytes.slice(sorted[index], place));
      }
      controller.close();
    },
  });
  return Array.fromAsync(parseEvents(body));
}

const two = [
  { id: "1", event: "queued", data: '{"a":"é"}', retryMs: undefined },
  { id: "2", event: "ready", data: "one\ntwo", retryMs: undefined },
];

describe("parseEvents", () => {
  test("reads the same events wherever the bytes are cut", async () => {
    const text = `: hello\n\nid: 1\nevent: queued\ndata: {"a":"é"}\n\nid:2\nevent:ready\ndata: one\ndata: two\n\n`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 8 }), async (cuts) => {
        expect(await parse(text, cuts)).toEqual(two);
      }),
    );
  });

  test("takes CRLF and CR as it takes LF", async () => {
    const text = `id: 1\nevent: queued\ndata: {"a":"é"}\n\nid: 2\nevent: ready\ndata: one\ndata: two\n\n`;
    for (const ending of ["\r\n", "\r"]) {
      expect(await parse(text.replaceAll("\n", ending))).toEqual(two);
    }
  });

  test("passes on a wish for a retry, and drops what was cut off", async () => {
    const retry = { id: undefined, event: "message", data: "", retryMs: 1500 };
    expect(await parse("retry: 1500\n\nid: 7\ndata: half")).toEqual([retry]);
  });
});
