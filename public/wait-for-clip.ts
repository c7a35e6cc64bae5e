import type { Answer, Api } from "./api.ts";
import { readEvents } from "./events.ts";
import { GenerationError, RequestError } from "./problem.ts";
import type { AssetEvent } from "./stages.ts";

export type ReadyClip = Extract<Answer, { kind: "ready" }>;
export type PendingClip = Extract<Answer, { kind: "pending" }>;

export interface ClipWatch {
  /** The work goes on; called with every such answer. */
  readonly onPending?: (answer: PendingClip) => void;
  readonly onEvents?: (events: readonly AssetEvent[]) => void;
  readonly onConnected?: (isConnected: boolean) => void;
}

export interface ClipWaiting {
  readonly api: Api;
  readonly mp4Url: string;
  /** The event stream of an asset. */
  readonly eventsUrl: (assetId: string) => string;
  readonly watch: ClipWatch;
  readonly signal: AbortSignal;
}

/** How often the URL is asked before giving up; with the waits between, well over ten minutes. */
const asksMax = 60;

/**
 * Asks for the clip and reads its events until the URL serves it. Every terminal event is
 * confirmed by asking again, so a replayed event of an earlier generation cannot mislead.
 * Throws RequestError or GenerationError.
 */
export async function waitForClip(waiting: ClipWaiting): Promise<ReadyClip> {
  const { api, mp4Url, eventsUrl, watch, signal } = waiting;
  let ended: AssetEvent | undefined;
  for (let ask = 1; ask <= asksMax; ask++) {
    await untilVisible(signal);
    const answer = await api.ask(mp4Url, signal).catch((thrown) => {
      throw namedFailure(thrown, ended);
    });
    if (answer.kind === "ready") return answer;
    watch.onPending?.(answer);
    // From the second time on the stream ended early or ran ahead of the URL: do not hurry.
    if (ask > 1) await delay(Math.min(answer.retryAfterMs, 250 * 2 ** Math.min(ask, 5)), signal);
    ended = await readEvents({
      url: eventsUrl(answer.assetId),
      settledId: ended?.id ?? -1,
      onEvents: (events) => watch.onEvents?.(events),
      onConnected: (isConnected) => watch.onConnected?.(isConnected),
      signal,
    });
  }
  throw new GenerationError("pipeline_stalled", "");
}

/** The server answers 502 for a generation that failed; the event before it said why. */
function namedFailure(thrown: unknown, ended: AssetEvent | undefined): unknown {
  const isFailed = thrown instanceof RequestError && thrown.status === 502;
  if (!isFailed || ended === undefined || ended.name === "ready") return thrown;
  const code = ended.errorCode ?? (ended.name === "cancelled" ? "cancelled" : "");
  return new GenerationError(code, ended.errorMsg ?? "");
}

function delay(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, waitMs);
    signal.addEventListener("abort", abort, { once: true });
  });
}

function untilVisible(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      document.removeEventListener("visibilitychange", show);
      signal.removeEventListener("abort", abort);
      end();
    };
    const show = () => document.hidden || settle(resolve);
    const abort = () => settle(() => reject(signal.reason));
    document.addEventListener("visibilitychange", show);
    signal.addEventListener("abort", abort);
  });
}
