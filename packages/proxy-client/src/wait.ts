import { errorOf, invalidArgument, MotionessError, retryAfterMs } from "./error.ts";
import { pause } from "./pause.ts";
import { sendRequest } from "./request.ts";
import { startSilence } from "./silence.ts";
import { type StreamEvent, subscribe } from "./subscribe.ts";
import { eventsUrl } from "./url.ts";

export interface WaitOptions {
  /** Ten minutes by default: after that the server itself calls a generation stalled. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told each event on the way: `stage_completed` and the like. What it throws ends the wait. */
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
const askAgainMs = { min: 100, fallback: 5000, max: 60_000 } as const;
/** Answers in a row that may be better in a moment, before the last of them is thrown. */
const failuresMax = 6;

/**
 * Asks for a clip, or for any other form, and waits until it is there. The first request starts the
 * work; then the asset's event stream is followed, and whenever that says nothing for as long as
 * `Retry-After` asks, the URL is asked again. A network that is away and a server that is busy are
 * tried again a few times.
 * @throws MotionessError with the server's status, with the `error_code` of a generation that
 * failed, `network`, `timeout`, or `invalid_argument` for what is no proxy URL. What the caller's
 * signal was aborted with, as it is.
 */
export async function waitForAsset(url: string, options: WaitOptions = {}): Promise<ReadyAsset> {
  if (!eventsUrl(url, "")) throw invalidArgument("expected {server}/v1/{projectKey}/{source}.mp4");
  const { timeoutMs = timeoutMsDefault } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const bounded = { ...options, signal };
  let seen: Seen = { cursor: undefined, failure: undefined };
  let failures = 0;
  try {
    while (!signal.aborted) {
      const response = await ask(url, bounded).catch((thrown) => {
        if (failures + 1 >= failuresMax || !isPassing(thrown)) throw withReason(thrown, seen);
        return thrown;
      });
      if (response instanceof MotionessError) {
        failures += 1;
        const waitMs = response.retryAfterMs ?? 500 * 2 ** failures;
        await pause(Math.min(askAgainMs.max, waitMs), signal);
        continue;
      }
      if (isReady(response)) return readyOf(url, response);
      failures = 0;
      seen = await follow(url, response.headers, seen, bounded);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  if (options.signal?.aborted) throw options.signal.reason;
  const message = `the clip is not there after ${timeoutMs} ms`;
  throw new MotionessError(message, { code: "timeout" });
}

/** What the event stream has told so far. */
interface Seen {
  readonly cursor: string | undefined;
  /** The last end that was no clip. It may be that of an earlier generation: the URL decides. */
  readonly failure: MotionessError | undefined;
}

interface Bounded extends WaitOptions {
  readonly signal: AbortSignal;
}

/** One byte tells as much as the whole clip. */
async function ask(url: string, { signal, fetch: send = fetch }: Bounded): Promise<Response> {
  const response = await sendRequest(send, url, { headers: { Range: "bytes=0-0" }, signal });
  if (!response.ok) throw await errorOf(response);
  await response.body?.cancel();
  return response;
}

/** A preview is a picture of what is to come, and not it. */
function isReady({ status, headers }: Response): boolean {
  return (status === 200 || status === 206) && !headers.has("x-motioness-preview");
}

function readyOf(url: string, { headers }: Response): ReadyAsset {
  return {
    url,
    assetId: headers.get("x-motioness-asset-id") ?? "",
    etag: headers.get("etag") ?? undefined,
    loop: headers.get("x-motioness-loop") ?? undefined,
  };
}

/** Returns when it is time to ask again: a generation has ended, or nothing was heard for long. */
async function follow(
  url: string,
  headers: Headers,
  { cursor, failure }: Seen,
  { signal, onEvent, fetch: send }: Bounded,
): Promise<Seen> {
  const assetId = headers.get("x-motioness-asset-id") ?? "";
  const wishMs = retryAfterMs(headers) ?? askAgainMs.fallback;
  const waitMs = Math.max(askAgainMs.min, Math.min(askAgainMs.max, wishMs));
  const silence = startSilence(waitMs, signal);
  let last = cursor;
  let isListening = false;
  try {
    const stream = subscribe(eventsUrl(url, assetId) ?? "", {
      signal: silence.signal,
      ...(send ? { fetch: send } : {}),
      ...(cursor === undefined ? {} : { lastEventId: cursor }),
    });
    for await (const event of stream) {
      silence.restart();
      last = event.id ?? last;
      isListening = true;
      onEvent?.(event);
      isListening = false;
      if (event.type === "ready") return { cursor: last, failure: undefined };
      if (event.type === "failed" || event.type === "cancelled") {
        return { cursor: last, failure: failureOf(event, assetId) };
      }
    }
    await pause(waitMs, silence.signal);
  } catch (thrown) {
    // A proxy in between may let no stream through: then asking now and then has to do. What the
    // listener throws is the caller's, whatever it is.
    if (isListening || !(thrown instanceof MotionessError)) throw thrown;
    await pause(waitMs, silence.signal);
  } finally {
    silence.end();
  }
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

/** Whether the same request may be answered otherwise in a moment. A used-up month is not. */
function isPassing(thrown: unknown): thrown is MotionessError {
  if (!(thrown instanceof MotionessError)) return false;
  const { code, status, assetId, message } = thrown;
  if (code === "network" || status === 503) return true;
  if (status === 429) return message === "rate limited";
  // Of the server itself a 502 names the asset; without one it is a proxy in between that speaks.
  return (status === 502 || status === 504) && assetId === undefined;
}

/** The stream says why a generation failed, where the URL says only that it did. */
function withReason(thrown: unknown, { failure }: Seen): unknown {
  const isFailed = thrown instanceof MotionessError && thrown.status === 502;
  return isFailed ? (failure ?? thrown) : thrown;
}
