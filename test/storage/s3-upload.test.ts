import { describe, expect, test } from "bun:test";
import { uploadObject } from "../../src/storage/s3-upload.ts";

const body = new Uint8Array(3 * 1024 ** 2);
const never = new Promise<never>(() => {});

describe("an upload", () => {
  test("counts and hashes what it sent", async () => {
    const abc = new TextEncoder().encode("abc");
    const send = (content: ReadableStream<Uint8Array>) => new Response(content).bytes();
    expect(await uploadObject({ body: abc, signal: undefined, timeoutMs: 5000, send })).toEqual({
      sizeBytes: 3,
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
  });

  test("that the server takes slowly, but takes, is in time", async () => {
    const send = async (content: ReadableStream<Uint8Array>) => {
      for await (const _chunk of content) await after(60);
    };
    const stored = await uploadObject({ body, signal: undefined, timeoutMs: 150, send });
    expect(stored.sizeBytes).toBe(body.byteLength);
  });

  test("that the server stops taking fails, and its stream with it", async () => {
    const taken = Promise.withResolvers<ReadableStreamDefaultReader<Uint8Array>>();
    const send = async (content: ReadableStream<Uint8Array>) => {
      const reader = content.getReader();
      await reader.read();
      taken.resolve(reader);
      return never;
    };
    const upload = uploadObject({ body, signal: undefined, timeoutMs: 30, send });
    await expect(upload).rejects.toThrow("no progress within 30 ms");
    await expect((await taken.promise).read()).rejects.toThrow("no progress within 30 ms");
  });

  test("that is aborted fails its stream, and lets the client finish with that", async () => {
    const controller = new AbortController();
    let isTakenBack = false;
    const send = async (content: ReadableStream<Uint8Array>) => {
      const reader = content.getReader();
      await reader.read();
      controller.abort(new Error("no longer wanted"));
      const error = await reader.read().catch((thrown) => thrown);
      await after(20);
      isTakenBack = true;
      throw error;
    };
    const upload = uploadObject({ body, signal: controller.signal, timeoutMs: 5000, send });
    await expect(upload).rejects.toThrow("no longer wanted");
    expect(isTakenBack).toBe(true);
  });
});

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
