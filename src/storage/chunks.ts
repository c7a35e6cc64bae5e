import type { PutBody } from "./storage.ts";

const chunkSizeBytes = 1024 ** 2;

/**
 * The body in pieces of at most 1 MiB, each read when it is asked for.
 *
 * @throws when a file is missing or becomes shorter meanwhile.
 */
export async function* readChunks(body: PutBody): AsyncGenerator<Uint8Array> {
  const sizeBytes = body instanceof Uint8Array ? body.byteLength : body.size;
  // The size of a file that is missing is 0 as well; only reading it tells.
  if (sizeBytes === 0 && body instanceof Blob) await body.arrayBuffer();
  for (let start = 0; start < sizeBytes; start += chunkSizeBytes) {
    const end = Math.min(start + chunkSizeBytes, sizeBytes);
    const chunk = await readChunk(body, start, end);
    if (chunk.byteLength !== end - start) throw new Error("the body ended before its size");
    yield chunk;
  }
}

async function readChunk(body: PutBody, start: number, end: number): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body.subarray(start, end);
  return new Uint8Array(await body.slice(start, end).arrayBuffer());
}
