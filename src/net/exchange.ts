import { AppError } from "../errors.ts";
import { readBody } from "./body.ts";
import { failure, type Hop, type OutboundPolicy, type OutboundRequest } from "./hop.ts";
import { type Resolve, resolveHost } from "./resolve.ts";
import { isConnectFailure, send } from "./send.ts";
import type { UseSlot } from "./slots.ts";
import { parseTarget, type Target } from "./target.ts";
import { openTimeLimit, type TimeLimit } from "./time-limit.ts";

export interface ExchangeDeps {
  readonly resolve: Resolve;
  readonly useSlot: UseSlot;
  /** Whether a connection to this address may be made for this target. */
  readonly isAllowed: (target: Target, address: string) => boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Decompressed; throws past the policy's size and time. Read it once, or not at all. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request to a URL that came from outside and gives the answer to `use`; when that returns,
 * the connection is closed, however much of the body was read.
 *
 * @throws AppError with the policy's codes; what `use` throws; the signal's reason.
 */
export type Exchange = <T>(
  request: OutboundRequest,
  policy: OutboundPolicy,
  use: (answer: Answer) => Promise<T>,
) => Promise<T>;

const redirectsMax = 5;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const headersMax = 100;
const headersSizeMax = 64 * 1024;

/**
 * The one way out to addresses that others choose. A host name is resolved once, every address it
 * has is judged, and the connection is made to a judged address, with the name kept for the `Host`
 * header and the certificate: a name that changes its answer between the check and the connection
 * (DNS rebinding) gains nothing. Each redirect passes the same gate.
 */
export function createExchange(deps: ExchangeDeps): Exchange {
  return async (request, policy, use) => {
    let target = parseTarget(request.url, { ...policy, allowedOrigins: request.allowedOrigins });
    let timeoutMs = policy.timeoutMs;
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const hop: Hop = { request, policy, target };
      const visited = await deps.useSlot(target.url.host, request.signal, async () => {
        const startedAt = performance.now();
        try {
          return await visit(deps, hop, { timeoutMs, use });
        } finally {
          // Waiting for a slot is not the other side's time.
          timeoutMs -= performance.now() - startedAt;
        }
      });
      if ("value" in visited) return visited.value;
      target = visited.next;
    }
    throw new AppError(
      policy.failedCode,
      `${policy.subject} redirects more than ${redirectsMax} times`,
      { retry: false },
    );
  };
}

async function visit<T>(
  deps: ExchangeDeps,
  hop: Hop,
  { timeoutMs, use }: { timeoutMs: number; use: (answer: Answer) => Promise<T> },
): Promise<{ readonly value: T } | { readonly next: Target }> {
  const limit = openTimeLimit(hop, timeoutMs);
  try {
    const response = await limit.race(connect(deps, hop, limit));
    checkHeaders(hop, response.headers);
    const next = findRedirect(hop, response);
    if (next !== undefined) return { next };
    const body = readBody(response, {
      sizeBytesMax: hop.policy.sizeBytesMax,
      tooLarge: () => tooLarge(hop.policy),
      explain: limit.explain,
    });
    return { value: await use({ status: response.status, headers: response.headers, body }) };
  } finally {
    limit.close();
  }
}

async function connect(deps: ExchangeDeps, hop: Hop, { signal }: TimeLimit): Promise<Response> {
  const { all, toTry } = await resolveHost(hop.target.hostname, deps.resolve);
  // One message for a name that does not exist, an address that is not allowed and a host that is
  // down: the answer must not map the network behind this server.
  if (all.length === 0 || !all.every((address) => deps.isAllowed(hop.target, address))) {
    throw failure(hop, { retry: false });
  }
  let refusal: unknown;
  for (const address of toTry) {
    try {
      return await send(hop, address, signal);
    } catch (error) {
      if (!isConnectFailure(error)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

function checkHeaders({ policy }: Hop, headers: Headers): void {
  let count = 0;
  let size = 0;
  for (const [name, value] of headers) {
    count += 1;
    size += name.length + value.length;
  }
  if (count <= headersMax && size <= headersSizeMax) return;
  const most = `${headersMax} headers or ${headersSizeMax} bytes of them`;
  throw new AppError(policy.failedCode, `${policy.subject} answered with more than ${most}`, {
    retry: false,
  });
}

function findRedirect({ request, policy, target }: Hop, response: Response): Target | undefined {
  if (policy.redirects === "answer" || !redirectStatuses.has(response.status)) return undefined;
  const location = response.headers.get("location");
  if (location === null) return undefined;
  const subject = `a redirect of ${policy.subject}`;
  const rules = { ...policy, subject, allowedOrigins: request.allowedOrigins };
  const next = parseTarget(location, rules, target.url);
  if (target.url.protocol === "https:" && next.url.protocol === "http:") {
    throw new AppError(policy.failedCode, `${subject} leads from https to http`, { retry: false });
  }
  return next;
}

function tooLarge({ tooLargeCode, tooLargeMessage }: OutboundPolicy): AppError {
  return new AppError(tooLargeCode, tooLargeMessage, { retry: false });
}
