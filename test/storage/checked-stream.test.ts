import { describe, expect, test } from "bun:test";
import { checkStream } from "../../src/storage/checked-stream.ts";

const checks = { timeoutMs: 5000, sizeBytes: 6, mayRunOver: false };

describe("a checked stream", () => {
  test("passes on what was asked for", async () => {
    const stream = checkStream(streamOf("abc", "def"), checks);
    expect(await new Response(stream).text()).toBe("abcdef");
  });

  test("fails when the source ends early", async () => {
    const read = new Response(checkStream(streamOf("abc"), checks)).text();
    await expect(read).rejects.toThrow("ends 3 bytes early");
  });

  test("fails when the source goes on", async () => {
    const read = new Response(checkStream(streamOf("abc", "defg"), checks)).text();
    await expect(read).rejects.toThrow("more than it was asked for");
    const later = new Response(checkStream(streamOf("abcdef", "g"), checks)).text();
    await expect(later).rejects.toThrow("more than it was asked for");
  });

  test("leaves out what comes behind a range from the first byte, and lets go", async () => {
    const source = streamOf("abcd", "efgh", "ijkl");
    const stream = checkStream(source, { ...checks, mayRunOver: true });
    expect(await new Response(stream).text()).toBe("abcdef");
    expect(source.isCancelled()).toBe(true);
  });

  test("fails when one read takes longer than its time, and lets go", async () => {
    const source = streamOf("abc", null);
    const read = new Response(checkStream(source, { ...checks, timeoutMs: 20 })).text();
    await expect(read).rejects.toThrow("no progress within 20 ms");
    expect(source.isCancelled()).toBe(true);
  });

  test("reads nothing that its reader has not asked for", async () => {
    const source = streamOf("abc", "def");
    const reader = checkStream(source, checks).getReader();
    expect(source.pulls()).toBe(0);
    await reader.read();
    expect(source.pulls()).toBe(1);
    await reader.cancel();
    expect(source.isCancelled()).toBe(true);
  });
});

/** A stream of these texts; null never comes. */
function streamOf(...texts: readonly (string | null)[]) {
  let pulls = 0;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const text = texts[pulls];
        pulls += 1;
        if (text === undefined) return controller.close();
        if (text === null) return new Promise<void>(() => {});
        controller.enqueue(new TextEncoder().encode(text));
      },
      cancel() {
        isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(stream, { pulls: () => pulls, isCancelled: () => isCancelled });
}
