import { AppError } from "../errors.ts";
import { createGuardedClient } from "./client.ts";
import type { OutboundPolicy } from "./hop.ts";

export interface JsonRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @returns the JSON of a 2xx answer. @throws AppError `unavailable` for anything else. */
export type AskJson = (request: JsonRequest) => Promise<unknown>;

const policy: OutboundPolicy = {
  subject: "the sign-in provider",
  failedCode: "unavailable",
  tooLargeCode: "unavailable",
  tooLargeMessage: "the sign-in provider answered with more than 256 KiB",
  redirects: "answer",
  decompress: true,
  timeoutMs: 10_000,
  sizeBytesMax: 256 * 1024,
};

/**
 * Asks the servers that the operator has named, wherever they are: an identity provider may well
 * stand in the operator's own network. No address comes from outside, no redirect is followed.
 */
export function createAskJson(deps: { readonly now: () => number }): AskJson {
  const { exchange } = createGuardedClient(
    { ...deps, ownOrigins: () => [] },
    { allowPrivate: ["0.0.0.0/0", "::/0"] },
  );
  return ({ url, ...request }) => {
    const signal = AbortSignal.timeout(policy.timeoutMs);
    const allowedOrigins = [new URL(url).origin];
    return exchange({ ...request, url, allowedOrigins, signal }, policy, async (answer) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      if (answer.status >= 200 && answer.status <= 299) return parse(text);
      throw new AppError("unavailable", `${policy.subject} answered with ${answer.status}`, {
        cause: text.slice(0, causeLengthMax),
      });
    });
  };
}

const causeLengthMax = 500;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("unavailable", `${policy.subject} answered with no JSON`, { cause });
  }
}
