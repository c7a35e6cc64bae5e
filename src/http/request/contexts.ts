import type { RequestContext } from "./context.ts";

/** The context of a request that is being handled. */
export type ContextOf = (request: Request) => RequestContext;

/** Carries each request's context through the framework, which knows only the request. */
export function createContexts() {
  const contexts = new WeakMap<Request, RequestContext>();
  return {
    set: (request: Request, context: RequestContext) => contexts.set(request, context),
    of(request: Request): RequestContext {
      const context = contexts.get(request);
      if (!context) throw new Error("a request reached its handler without its context");
      return context;
    },
  };
}
