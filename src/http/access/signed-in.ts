import { Elysia } from "elysia";
import type { Caller, Scope } from "../../accounts/caller.ts";
import { fieldError } from "../answer/field-error.ts";
import type { ContextOf } from "../request/contexts.ts";
import { findRepeated } from "../request/target.ts";

/**
 * Who makes the request: a session's cookie, an API key as Bearer, or the demo's cookie.
 * @throws AppError `unauthenticated`; `forbidden` when a key lacks the scope, or when a cookie is
 * used across sites (CSRF).
 */
export type Authenticate = (request: Request, need: Scope) => Promise<Caller>;

/** Counts a request against its route's limit. @throws AppError `rate_limited`. */
export type CountRequest = (route: string, userId: string) => void;

/** Lets a request in, once: whoever asks again, for the same request, is told the same. */
export type Admit = (request: Request, route: string) => Promise<Caller>;

export interface AdmitDeps {
  readonly contextOf: ContextOf;
  readonly authenticate: Authenticate;
  readonly countRequest: CountRequest;
}

/**
 * Who makes a request, counted against the route's limit. Reading methods need `read`, all others
 * `write`; and what a writing request asks for in its path must be clear: of a parameter that is
 * given twice one program takes the first and another the last.
 */
export function createAdmit({ contextOf, authenticate, countRequest }: AdmitDeps): Admit {
  const admitted = new WeakMap<Request, Promise<Caller>>();
  const admit: Admit = async (request, route) => {
    const need: Scope = request.method === "GET" ? "read" : "write";
    const caller = await authenticate(request, need);
    countRequest(route, caller.userId);
    const repeated = need === "write" ? findRepeated(contextOf(request).target) : undefined;
    if (repeated !== undefined) throw fieldError(repeated, "Given twice");
    return caller;
  };
  return (request, route) => {
    const known = admitted.get(request) ?? admit(request, route);
    admitted.set(request, known);
    return known;
  };
}

export interface SignedInDeps {
  readonly contextOf: ContextOf;
  readonly admit: Admit;
}

/**
 * Gives every route of an instance that uses it the caller and the request's context, or refuses
 * before anything of the request is validated.
 */
export function createSignedIn({ contextOf, admit }: SignedInDeps) {
  return new Elysia({ name: "signed-in" }).derive({ as: "scoped" }, async ({ request, route }) => {
    return { caller: await admit(request, route), context: contextOf(request) };
  });
}

export type SignedIn = ReturnType<typeof createSignedIn>;
