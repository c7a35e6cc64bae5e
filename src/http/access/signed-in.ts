import { Elysia } from "elysia";
import type { Caller, Scope } from "../../accounts/caller.ts";
import type { ContextOf } from "../request/contexts.ts";

/**
 * Who makes the request: a session's cookie, an API key as Bearer, or the demo's cookie.
 * @throws AppError `unauthenticated`; `forbidden` when a key lacks the scope, or when a cookie is
 * used across sites (CSRF).
 */
export type Authenticate = (request: Request, need: Scope) => Promise<Caller>;

/** Counts a request against its route's limit. @throws AppError `rate_limited`. */
export type CountRequest = (route: string, userId: string) => void;

export interface SignedInDeps {
  readonly contextOf: ContextOf;
  readonly authenticate: Authenticate;
  readonly countRequest: CountRequest;
}

/**
 * Gives every route of an instance that uses it the caller and the request's context, or refuses
 * before anything of the request is validated. Reading methods need `read`, all others `write`.
 */
export function createSignedIn(deps: SignedInDeps) {
  return new Elysia({ name: "signed-in" }).derive({ as: "scoped" }, async ({ request, route }) => {
    const need: Scope = request.method === "GET" ? "read" : "write";
    const caller = await deps.authenticate(request, need);
    deps.countRequest(route, caller.userId);
    return { caller, context: deps.contextOf(request) };
  });
}

export type SignedIn = ReturnType<typeof createSignedIn>;
