import { type Clock, systemClock } from "../../clock.ts";
import { AppError } from "../../errors.ts";

export interface BodyLimit {
  readonly bytesMax: number;
  /** Of the refusal of a larger one. */
  readonly message: string;
  /** For the whole body, however it drips. */
  readonly timeoutMs?: number;
}

const timeoutMsDefault = 30_000;

/**
 * Reads a request's body into memory, up to a limit.
 * @throws AppError as `readChunks`.
 */
export async function readRequestBody(
  request: Request,
  limit: BodyLimit,
  clock: Pick<Clock, "schedule"> = systemClock,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(request, limit, clock)) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
  }
  return joined(chunks, bytes);
}

/**
 * A request's body as it comes, up to a limit. What announces itself as longer is refused unread;
 * what merely is longer, as soon as it has shown it. Who stops early lets go of the rest.
 * @throws AppError `payload_too_large` with `message`; `request_timeout`; `invalid_request` when the
 * connection ends first; `unsupported_type` for a compressed one, which could unfold to anything
 * and which nobody needs here.
 */
export async function* readChunks(
  request: Request,
  limit: BodyLimit,
  clock: Pick<Clock, "schedule"> = systemClock,
): AsyncGenerator<Uint8Array, void> {
  refuseEncoded(request.headers);
  const tooLarge = () => new AppError("payload_too_large", limit.message);
  if (Number(request.headers.get("content-length") ?? 0) > limit.bytesMax) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return;
  const timeoutMs = limit.timeoutMs ?? timeoutMsDefault;
  const late = Promise.withResolvers<never>();
  const stopTimer = clock.schedule(timeoutMs, () => {
    const seconds = timeoutMs / 1000;
    late.reject(new AppError("request_timeout", `the body did not come within ${seconds} s`));
  });
  // The time may be over while nobody reads: then the next read tells of it.
  late.promise.catch(() => {});
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read().catch(refuseCut), late.promise]);
      if (done) return;
      bytes += value.byteLength;
      if (bytes > limit.bytesMax) throw tooLarge();
      yield value;
    }
  } finally {
    stopTimer();
    // Not awaited: letting go of a body that hangs would hang as well.
    reader.cancel().catch(() => {});
  }
}

/** Whoever hangs up has no use for an answer; the log has, which would take it for our fault. */
function refuseCut(cause: unknown): never {
  throw new AppError("invalid_request", "the body ended before it was whole", { cause });
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function refuseEncoded(headers: Headers): void {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return;
  throw new AppError("unsupported_type", "unsupported type: the body must not be compressed");
}
