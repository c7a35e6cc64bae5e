import { AppError } from "../errors.ts";

/** A request to a server that the operator named: it may be on a private network. */
export interface TrustedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface TrustedAnswer {
  readonly status: number;
  /** The first of the body, read as UTF-8. */
  readonly text: string;
}

export type TrustedClient = (request: TrustedRequest) => Promise<TrustedAnswer>;

const answerBytesMax = 64 * 1024;

/**
 * Asks a server that stands in the settings. Its address is not judged, but what it answers is
 * bounded in time and size, and a redirect is an answer: the token is not carried elsewhere.
 * @throws AppError `unavailable` when it cannot be reached or does not answer in time.
 */
export function createTrustedClient(timeoutMs: number): TrustedClient {
  return async ({ url, method, headers, body, signal }) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers },
        body: body ?? null,
        redirect: "manual",
        keepalive: false,
        signal: limit,
      });
      return { status: response.status, text: await readStart(response) };
    } catch (cause) {
      signal.throwIfAborted();
      const host = new URL(url).host;
      throw new AppError("unavailable", `${host} did not answer ${method}`, { cause });
    }
  };
}

async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk.subarray(0, answerBytesMax - bytes), { stream: true });
    bytes += chunk.byteLength;
    if (bytes >= answerBytesMax) break;
  }
  return text;
}
