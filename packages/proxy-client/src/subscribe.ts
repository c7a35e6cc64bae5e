import { errorOf, MotionessError } from "./error.ts";
import { parseEvents } from "./event-parser.ts";
import { pause } from "./pause.ts";
import { sendRequest } from "./request.ts";

/** Something that happened to an asset. */
export interface StreamEvent {
  /** The cursor: give it as `lastEventId` to go on after it. */
  readonly id: string | undefined;
  /** `queued`, `stage_completed`, `ready`, `failed`, … */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SubscribeOptions {
  readonly signal?: AbortSignal;
  /** Only what came after this event. */
  readonly lastEventId?: string;
  /** Sent with each request: `Authorization` for the streams under `/api`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}

const retryMsDefault = 2000;
const retryMsMax = 60_000;
/** Refused or broken connections in a row before it gives up. */
const failuresMax = 10;

/**
 * Follows an event stream, connecting again with its cursor as `EventSource` does, where there is
 * no `EventSource` too. It ends when the server says that nothing more will come, or when aborted.
 * @throws MotionessError with the status of a refusal, at once when it is for good, and else, as
 * `network` too, after ten failures in a row.
 */
export async function* subscribe(
  url: string,
  options: SubscribeOptions = {},
): AsyncGenerator<StreamEvent, void> {
  const { signal } = options;
  let cursor = options.lastEventId;
  let retryMs = retryMsDefault;
  let failures = 0;
  while (!signal?.aborted) {
    let waitMs: number | undefined;
    try {
      const response = await connect(url, cursor, options);
      if (response.status === 204 || !response.body) return;
      for await (const event of parseEvents(response.body)) {
        failures = 0;
        retryMs = event.retryMs ?? retryMs;
        if (event.data === "") continue;
        cursor = event.id ?? cursor;
        yield { id: event.id, type: event.event, data: objectOf(event.data) };
      }
    } catch (thrown) {
      if (signal?.aborted) return;
      failures += 1;
      waitMs = waitAfter(thrown, failures, retryMs);
    }
    await pause(waitMs ?? retryMs, signal);
  }
}

async function connect(
  url: string,
  cursor: string | undefined,
  { headers, signal, fetch: send = fetch }: SubscribeOptions,
): Promise<Response> {
  const response = await sendRequest(send, url, {
    headers: {
      ...headers,
      Accept: "text/event-stream",
      ...(cursor === undefined ? {} : { "Last-Event-ID": cursor }),
    },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await errorOf(response);
  const type = response.headers.get("content-type") ?? "";
  if (response.status === 204 || type.startsWith("text/event-stream")) return response;
  await response.body?.cancel();
  throw new MotionessError(`${url} answered with ${type || "no content type"}, no event stream`, {
    code: "http",
    status: response.status,
  });
}

/** @throws what is not worth another attempt. */
function waitAfter(thrown: unknown, failures: number, retryMs: number): number {
  const error = errorOfStream(thrown);
  const isBusy = error.status === 429 || (error.status ?? 0) >= 500;
  if (!(isBusy || error.code === "network") || failures >= failuresMax) throw error;
  return Math.min(retryMsMax, error.retryAfterMs ?? retryMs * 2 ** failures);
}

/** A connection that breaks while it is read throws whatever the runtime throws. */
function errorOfStream(thrown: unknown): MotionessError {
  if (thrown instanceof MotionessError) return thrown;
  return new MotionessError("the event stream broke off", { code: "network", cause: thrown });
}

function objectOf(data: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? { ...value } : { value };
  } catch {
    return { value: data };
  }
}
