import type { Clock } from "../clock.ts";
import { type AppError, toAppError } from "../errors.ts";
import type { Log, LogFields } from "../log.ts";
import { errorResponse } from "./answer/error-response.ts";
import type { Connections } from "./listen.ts";
import type { ClientAddress } from "./request/client-address.ts";
import type { RequestContext } from "./request/context.ts";
import type { RequestIds } from "./request/request-id.ts";

export interface GuardDeps {
  readonly log: Log;
  readonly clock: Pick<Clock, "elapsed">;
  readonly requestIds: RequestIds;
  readonly clientAddress: ClientAddress;
}

export interface GuardedRequest {
  readonly request: Request;
  readonly target: string;
  readonly connections: Connections;
  /** Sent with an error, too. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Handle = (context: RequestContext) => Promise<Response>;

/** Wraps the handling of one request. */
export type Guard = (guarded: GuardedRequest, handle: Handle) => Promise<Response>;

/** Longer paths are cut in the log. */
const loggedPathMax = 300;

/**
 * What every request outside the hot path has in common: an id on the answer, an error turned into
 * the one documented shape, and one line in the log. The line holds the path without its query,
 * nor that of a source within it (`%3F…`): a signature is as good as the URL it belongs to.
 */
export function createGuard(deps: GuardDeps): Guard {
  return async ({ request, target, connections, headers }, handle) => {
    const startedMs = deps.clock.elapsed();
    const requestId = deps.requestIds.of(request.headers);
    const address = deps.clientAddress(request.headers, connections.requestIP(request)?.address);
    // Fields and no log of its own: making one costs a kilobyte, and most requests write one line.
    const fields = {
      request_id: requestId,
      method: request.method,
      path: target.replace(/(?:[?#]|%3f).*/is, "").slice(0, loggedPathMax),
      address,
    };
    const refuse: RequestContext["refuse"] = (thrown, more) => {
      const error = toAppError(thrown);
      logFault(deps.log, error, fields);
      return errorResponse(error, requestId, {
        ...more,
        headers: { ...headers, ...more?.headers },
      });
    };
    const neverTimeOut = () => connections.timeout(request, 0);
    const context = { request, requestId, address, target, neverTimeOut, refuse };
    const response = await answer(handle, context);
    response.headers.set("X-Request-Id", requestId);
    const ms = Math.round(deps.clock.elapsed() - startedMs);
    deps.log.info("request", { ...fields, status: response.status, ms });
    return response;
  };
}

/**
 * A fault of this server is told in full. What else ends with a 5xx was foreseen (a generation
 * that failed, a source that is away) and repeats with every visitor: its line says all.
 */
function logFault(log: Log, error: AppError, fields: LogFields): void {
  if (error.status < 500) return;
  if (error.code === "internal") {
    log.error("request_failed", { ...fields, error: error.cause ?? error });
    return;
  }
  log.warn("request_refused", { ...fields, code: error.code, reason: error.message });
}

async function answer(handle: Handle, context: RequestContext): Promise<Response> {
  try {
    return await handle(context);
  } catch (thrown) {
    return context.refuse(thrown);
  }
}
