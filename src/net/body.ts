import { open, rm } from "node:fs/promises";

export interface BodyLimits {
  readonly sizeBytesMax: number;
  readonly tooLarge: () => Error;
  /** What a connection that breaks while it is read is thrown as. */
  readonly explain: (cause: unknown) => unknown;
}

/**
 * The bytes of a response as they are after decompression, counted while they arrive, so that
 * neither an endless body nor a small one that unpacks to a large one is ever held.
 */
export async function* readBody(
  response: Response,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
  if (announcedSize(response) > limits.sizeBytesMax) throw limits.tooLarge();
  if (response.body === null) return;
  const reader = response.body.getReader();
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw limits.explain(cause);
    });
    if (done) return;
    sizeBytes += value.byteLength;
    if (sizeBytes > limits.sizeBytesMax) throw limits.tooLarge();
    yield value;
  }
}

/** Of a compressed body the announced length says nothing; what is not announced is 0 here. */
function announcedSize({ headers }: Response): number {
  if (headers.has("content-encoding")) return 0;
  const text = headers.get("content-length") ?? "";
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** Writes the bytes to a file, which is gone again when they do not all arrive. */
export async function saveBody(body: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for await (const chunk of body) await file.appendFile(chunk);
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}
