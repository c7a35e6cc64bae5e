import { expect, test } from "bun:test";
import { readChunks, readRequestBody } from "../../../src/http/request/request-body.ts";
import { codeOf, errorOf } from "../../support/app-error.ts";
import { createManualClock } from "../../support/manual-clock.ts";

const limit = { bytesMax: 10, message: "too large", timeoutMs: 1000 };
const requestOf = (body: ReadableStream<Uint8Array> | string) =>
  new Request("http://localhost/", { method: "POST", body });

test("a body is read whole", async () => {
  expect(await readRequestBody(requestOf("0123456789"), limit)).toEqual(
    new TextEncoder().encode("0123456789"),
  );
});

test("a body past the limit is refused", async () => {
  expect(await codeOf(readRequestBody(requestOf("0123456789a"), limit))).toBe("payload_too_large");
});

test("a body that drips is cut off in time, and let go of", async () => {
  const clock = createManualClock();
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel() {
      isCancelled = true;
    },
  });
  const reading = errorOf(readRequestBody(requestOf(body), limit, clock));
  clock.advance(1000);
  expect(await reading).toMatchObject({ code: "request_timeout", status: 408 });
  expect([isCancelled, clock.pending]).toEqual([true, 0]);
});

test("a body that drips while nobody reads is cut off by the next read", async () => {
  const clock = createManualClock();
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)),
  });
  const pieces = readChunks(requestOf(body), { ...limit, bytesMax: 1e6 }, clock);
  await pieces.next();
  clock.advance(1000);
  expect(await codeOf(pieces.next())).toBe("request_timeout");
});

test("a body that comes byte by byte is put together, for each byte alone costs hundreds", async () => {
  const sent = Uint8Array.from({ length: 40_000 }, (_, at) => at % 251);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of sent) controller.enqueue(Uint8Array.of(byte));
      controller.enqueue(sent);
      controller.close();
    },
  });
  const pieces = await Array.fromAsync(
    readChunks(requestOf(body), { ...limit, bytesMax: 100_000 }),
  );
  expect(pieces.map((piece) => piece.byteLength)).toEqual([16_384, 16_384, 7232, 40_000]);
  expect(Buffer.concat(pieces)).toEqual(Buffer.concat([sent, sent]));
});

test("a body whose sender hangs up is no fault of ours", async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new DOMException("closed", "AbortError")),
  });
  const error = await errorOf(readRequestBody(requestOf(body), limit));
  expect(error).toMatchObject({ code: "invalid_request", status: 400 });
});

test("who stops reading lets go of the rest", async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(20_000)),
    cancel() {
      isCancelled = true;
    },
  });
  for await (const chunk of readChunks(requestOf(body), { ...limit, bytesMax: 1e6 })) {
    expect(chunk.byteLength).toBe(20_000);
    break;
  }
  expect(isCancelled).toBe(true);
});
