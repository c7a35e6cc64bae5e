import { afterEach, describe, expect, test } from "bun:test";
import { openSubscribers } from "../../../bench/clients/sse-client.ts";
import { waitUntil } from "../../../bench/servers/server.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("the readers of event streams", () => {
  test("all get what is published, and say when", async () => {
    const { port, publish } = openStreams({ status: 200 });
    const readers = await openSubscribers({ port, path: "/sub", count: 3 });
    closers.push(readers.close);
    expect(readers.open()).toBe(3);
    const receipts = await readers.measure("mark-1", async () => publish("data: mark-1\n\n"));
    expect(receipts).toHaveLength(3);
    expect(Math.min(...receipts)).toBeGreaterThan(0);
  });

  test("come back when the server has closed their streams", async () => {
    const { port, end } = openStreams({ status: 200 });
    const readers = await openSubscribers({ port, path: "/sub", count: 2 });
    closers.push(readers.close);
    end();
    expect(await waitUntil(() => readers.open() === 0, 5_000)).toBe(true);
    await readers.refill();
    expect(readers.open()).toBe(2);
  });

  test("do not start when a stream is refused", async () => {
    const { port } = openStreams({ status: 503 });
    await expect(openSubscribers({ port, path: "/sub", count: 2 })).rejects.toThrow("503");
  });
});

/** A server of event streams that sends the same text to all of them. */
function openStreams(options: { readonly status: number }) {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch() {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from(": hello\n\n"));
          streams.add(controller);
        },
      });
      return new Response(body, { status: options.status });
    },
  });
  closers.push(() => server.stop(true));
  const publish = (text: string) => {
    for (const stream of streams) stream.enqueue(Buffer.from(text));
  };
  const end = () => {
    for (const stream of streams) stream.close();
    streams.clear();
  };
  return { port: server.port ?? 0, publish, end };
}
