import { failpoint } from "../failpoint.ts";
import { readChunks } from "./chunks.ts";
import { timeoutError } from "./deadline.ts";
import type { PutBody, StoredObject } from "./storage.ts";

export interface S3Upload {
  readonly body: PutBody;
  readonly signal: AbortSignal | undefined;
  /** The longest time without progress. */
  readonly timeoutMs: number;
  /** Sends the stream; one that fails must become no object, and keep no parts. */
  readonly send: (content: ReadableStream<Uint8Array>) => Promise<unknown>;
}

/**
 * Uploads the body as a stream that Bun cuts into parts. Bun asks for more bytes only when a part
 * has been accepted, so a question is the sign of progress.
 *
 * To give up is to fail the stream: Bun then takes back the parts that are there, and says that it
 * failed, in no certain order. (Its other way to upload, `writer().end(error)`, completes the
 * object with what it has got so far.)
 */
export async function uploadObject(upload: S3Upload): Promise<StoredObject> {
  const { body, signal, timeoutMs, send } = upload;
  const stalled = Promise.withResolvers<never>();
  const timer = setTimeout(() => stalled.reject(timeoutError(timeoutMs)), timeoutMs);
  const content = createContent(body, () => timer.refresh());
  const onAbort = () => content.fail(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([send(content.stream), stalled.promise]);
    return content.summary();
  } catch (error) {
    content.fail(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The body as a stream that is read on demand, hashed and counted as it is read. */
function createContent(body: PutBody, onDemand: () => void) {
  const hasher = new Bun.CryptoHasher("sha256");
  const chunks = readChunks(body);
  let sizeBytes = 0;
  let fail: (error: unknown) => void = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => controller.error(error);
      },
      async pull(controller) {
        onDemand();
        const next = await chunks.next();
        if (next.done) return controller.close();
        hasher.update(next.value);
        sizeBytes += next.value.byteLength;
        controller.enqueue(next.value);
        failpoint("during_storage_write");
      },
    },
    { highWaterMark: 0 },
  );
  return {
    stream,
    fail: (error: unknown) => fail(error),
    summary: (): StoredObject => ({ sizeBytes, sha256: hasher.digest("hex") }),
  };
}
