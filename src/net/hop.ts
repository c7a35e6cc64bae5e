import { AppError, type ErrorCode } from "../errors.ts";
import type { Target } from "./target.ts";

export interface OutboundRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Origins whose ports may be reached besides 80 and 443, subdomains included. */
  readonly allowedOrigins: readonly string[];
  readonly signal: AbortSignal;
}

/** What one kind of request may do and take. */
export interface OutboundPolicy {
  /** How messages call what is asked for: `the source`. */
  readonly subject: string;
  readonly failedCode: ErrorCode;
  /** Where running out of time has a code of its own. */
  readonly lateCode?: ErrorCode;
  readonly tooLargeCode: ErrorCode;
  readonly tooLargeMessage: string;
  /** Whether a redirect is followed, each time through the same checks, or is the answer. */
  readonly redirects: "follow" | "answer";
  readonly decompress: boolean;
  /** From the first look-up to the last byte, over all redirects. */
  readonly timeoutMs: number;
  /** Of the decompressed body. */
  readonly sizeBytesMax: number;
}

/** A request on its way to one of the hosts that it is redirected through. */
export interface Hop {
  readonly request: OutboundRequest;
  readonly policy: OutboundPolicy;
  readonly target: Target;
}

/**
 * That the host could not be reached, in words that say nothing of why: not found, not allowed and
 * not answering look alike.
 */
export function failure(
  { policy, target }: Hop,
  options: { readonly retry: boolean; readonly cause?: unknown },
): AppError {
  return new AppError(
    policy.failedCode,
    `${policy.subject} could not be fetched from ${target.hostname}: expected a public address ` +
      "that answers",
    options,
  );
}
