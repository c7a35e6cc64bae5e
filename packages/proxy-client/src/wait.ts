import { errorOf, MotionessError, retryAfterMs } from "./error.ts";
import { pause } from "./pause.ts";
import { type StreamEvent, subscribe } from "./subscribe.ts";

export interface WaitOptions {
  /** Ten minutes by default: after that the server itself calls a generation stalled. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told each event on the way: `stage_completed` and the like. */
  readonly onEvent?: (event: StreamEvent) => void;
  readonly fetch?: typeof fetch;
}

/** A clip that is there. */
export interface ReadyAsset {
  readonly url: string;
  readonly assetId: string;
  readonly etag: string | undefined;
  /** How the loop closes; undefined for other modes. */
  readonly loop: string | undefined;
}

const timeoutMsDefault = 10 * 60_000;
const askAgainMs = { fallback: 5000, max: 60_000 } as const;

/**
 * Asks for a clip and waits until it is there. The first request starts the work; then the asset's
 * event stream is followed, and where there is none the URL is asked again after `Retry-After`.
 * @throws MotionessError with the server's status, with the `error_code` of a generation that
 * failed, or `timeout`.
 */
export async function waitForAsset(url: string, options: WaitOptions = {}): Promise<ReadyAsset> {
  const { timeoutMs = timeoutMsDefault } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let seen: Seen = { cursor: undefined, failure: undefined };
  for (;;) {
    const response = await ask(url, signal, options).catch((thrown) => {
      throw endOf(signal, timeoutMs, seen.failure ?? thrown);
    });
    if (response.status === 200 || response.status === 206) return readyOf(url, response);
    seen = await follow(url, response.headers, seen, { ...options, signal });
    if (signal.aborted) throw endOf(signal, timeoutMs);
  }
}

/** What the event stream has told so far. */
interface Seen {
  readonly cursor: string | undefined;
  /** The last end that was no clip. It may be that of an earlier generation: the URL decides. */
  readonly failure: MotionessError | undefined;
}

/** One byte tells as much as the whole clip. */
async function ask(
  url: string,
  signal: AbortSignal,
  { fetch: send = fetch }: WaitOptions,
): Promise<Response> {
  const response = await send(url, { headers: { Range: "bytes=0-0" }, signal });
  if (!response.ok) throw await errorOf(response);
  await response.body?.cancel();
  return response;
}

function readyOf(url: string, { headers }: Response): ReadyAsset {
  return {
    url,
    assetId: headers.get("x-motioness-asset-id") ?? "",
    etag: headers.get("etag") ?? undefined,
    loop: headers.get("x-motioness-loop") ?? undefined,
  };
}

/**
 * Returns when it is time to ask again: the stream says that a generation has ended, or it cannot
 * be followed and `Retry-After` is over.
 */
async function follow(
  url: string,
  headers: Headers,
  { cursor, failure }: Seen,
  { signal, onEvent, fetch: send }: WaitOptions,
): Promise<Seen> {
  const assetId = headers.get("x-motioness-asset-id") ?? "";
  const [prefix] = /^.*?\/v1\/[^/]+\//.exec(url) ?? [];
  let last = cursor;
  try {
    const stream = subscribe(`${prefix}events/${assetId}`, {
      ...(signal ? { signal } : {}),
      ...(send ? { fetch: send } : {}),
      ...(cursor === undefined ? {} : { lastEventId: cursor }),
    });
    for await (const event of stream) {
      last = event.id ?? last;
      onEvent?.(event);
      if (event.type === "ready") return { cursor: last, failure: undefined };
      if (event.type === "failed" || event.type === "cancelled") {
        return { cursor: last, failure: failureOf(event, assetId) };
      }
    }
  } catch {
    // A proxy in between may let no stream through: then asking now and then has to do.
  }
  const waitMs = Math.min(askAgainMs.max, retryAfterMs(headers) ?? askAgainMs.fallback);
  await pause(waitMs, signal);
  return { cursor: last, failure };
}

function failureOf({ type, data }: StreamEvent, assetId: string): MotionessError {
  const code = String(data["error_code"] ?? type);
  const message = String(data["error_msg"] ?? `the generation was ${type}`);
  const requestId = data["request_id"];
  return new MotionessError(message, {
    code,
    assetId,
    requestId: typeof requestId === "string" ? requestId : undefined,
  });
}

function endOf(signal: AbortSignal, timeoutMs: number, thrown?: unknown): unknown {
  if (!signal.aborted) return thrown;
  const isTimeout = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  if (!isTimeout) return signal.reason;
  return new MotionessError(`the clip is not there after ${timeoutMs} ms`, { code: "timeout" });
}
