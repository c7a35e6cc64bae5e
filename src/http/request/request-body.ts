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
/** Less than this waits for more: a sender may cut a body into bytes, each of which costs hundreds. */
const pieceBytesMin = 16 * 1024;

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
 * A request's body as it comes, up to a limit, put together where it comes in small pieces.
 * What announces itself as longer is refused unread; what merely is longer, as soon as it has shown
 * it. Who stops early lets go of the rest.
 * @throws AppError `payload_too_large` with `message`; `request_timeout`; `invalid_request` when the
 * connection ends first; `unsupported_type` for a compressed one, which could unfold to anything
 * and which nobody needs here.
 */
export async function* readChunks(
  request: Request,
  limit: BodyLimit,
  clock: Pick<Clock, "schedule"> = systemClock,
): AsyncGenerator<Uint8Array, void> {
  const piece = new Uint8Array(pieceBytesMin);
  let filled = 0;
  for await (const chunk of readAsSent(request, limit, clock)) {
    if (filled > 0 && filled + chunk.byteLength > piece.byteLength) {
      yield piece.slice(0, filled);
      filled = 0;
    }
    if (chunk.byteLength >= piece.byteLength) {
      yield chunk;
    } else {
      piece.set(chunk, filled);
      filled += chunk.byteLength;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
}

async function* readAsSent(
  request: Request,
  limit: BodyLimit,
  clock: Pick<Clock, "schedule">,
): AsyncGenerator<Uint8Array, void> {
  refuseEncoded(request.headers);
  const tooLarge = () => new AppError("payload_too_large", limit.message);
  if (Number(request.headers.get("content-length") ?? 0) > limit.bytesMax) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return;
  const deadline = openDeadline(limit.timeoutMs ?? timeoutMsDefault, clock);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await deadline.meet(() => reader.read().catch(refuseCut));
      if (done) return;
      bytes += value.byteLength;
      if (bytes > limit.bytesMax) throw tooLarge();
      yield value;
    }
  } finally {
    deadline.close();
    // Not awaited: letting go of a body that hangs would hang as well.
    reader.cancel().catch(() => {});
  }
}

/**
 * Time for several steps together. Each waits by a promise of its own: one for all of them would
 * remember every step until the end.
 */
function openDeadline(timeoutMs: number, clock: Pick<Clock, "schedule">) {
  let [isOver, tell] = [false, () => {}];
  const stopTimer = clock.schedule(timeoutMs, () => {
    isOver = true;
    tell();
  });
  return {
    close: stopTimer,
    meet<T>(begin: () => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        tell = () => {
          const late = `the body did not come within ${timeoutMs / 1000} s`;
          reject(new AppError("request_timeout", late));
        };
        if (isOver) tell();
        else begin().then(resolve, reject);
      });
    },
  };
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
