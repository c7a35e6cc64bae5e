import { MotionessError } from "./error.ts";

/**
 * Sends a request.
 * @throws MotionessError `network` when no answer came; what the signal was aborted with, as it is.
 */
export async function sendRequest(
  send: typeof fetch,
  url: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await send(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw init.signal.reason;
    const { message } = cause as { readonly message?: string };
    throw new MotionessError(`no answer came from ${url}: ${message}`, { code: "network", cause });
  }
}
