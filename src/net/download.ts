import { AppError } from "../errors.ts";
import { saveBody } from "./body.ts";
import type { Answer, Exchange } from "./exchange.ts";
import type { OutboundPolicy } from "./hop.ts";
import { parseRetryAfter } from "./retry-after.ts";

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Origins whose ports may be reached besides 80 and 443, subdomains included. */
  readonly allowedOrigins: readonly string[];
}

export interface DownloadLimits {
  readonly timeoutMs: number;
  readonly sizeBytesMax: number;
  readonly tooLargeMessage: string;
}

/** Client errors that the next moment may cure: timeout, too early, too many requests. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Fetches a source image into a file. What it is, is for its bytes to tell: the announced type is
 * not looked at.
 *
 * @throws AppError `source_unfetchable`, worth a retry when the other side may recover (5xx, 429,
 * timeouts, resets; `Retry-After` is kept), or `source_too_large`. The file is then gone.
 */
export async function downloadSource(
  deps: { readonly exchange: Exchange; readonly now: () => number },
  limits: DownloadLimits,
  { url, path, signal, allowedOrigins }: DownloadOptions & { url: string; path: string },
): Promise<void> {
  const policy: OutboundPolicy = {
    subject: "the source",
    failedCode: "source_unfetchable",
    tooLargeCode: "source_too_large",
    redirects: "follow",
    decompress: true,
    ...limits,
  };
  // Images are compressed already; a server that compresses all the same is counted unpacked.
  const headers = {
    accept: "image/webp,image/png,image/jpeg,image/*;q=0.5,*/*;q=0.1",
    "accept-encoding": "identity",
    "user-agent": "Motioness",
  };
  const request = { url, method: "GET", headers, allowedOrigins, signal } as const;
  await deps.exchange(request, policy, async (answer) => {
    if (answer.status < 200 || answer.status > 299) throw refusal(answer, deps.now());
    await saveBody(answer.body, path);
  });
}

function refusal({ status, headers }: Answer, now: number): AppError {
  const retry = status >= 500 || passingStatuses.has(status);
  const retryAfterMs = retry ? parseRetryAfter(headers.get("retry-after"), now) : undefined;
  return new AppError("source_unfetchable", `the source answered with status ${status}`, {
    retry,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
