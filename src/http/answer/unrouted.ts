import { AppError } from "../../errors.ts";
import type { RequestContext } from "../request/context.ts";

interface Route {
  readonly method: string;
  /** With `:name` for a segment that varies. */
  readonly path: string;
}

/**
 * Answers what no route took: 405 with `Allow` when the path is known for other methods, 204 to
 * OPTIONS, and 404 for the rest. What is allowed is read off the routes themselves.
 */
export function answerUnrouted(
  routes: readonly Route[],
  context: Pick<RequestContext, "request" | "target" | "refuse">,
): Response {
  const { method } = context.request;
  const path = context.target.replace(/[?#].*/s, "");
  const methods = new Set(
    routes.filter((route) => matches(route, path)).map((route) => route.method),
  );
  if (methods.size === 0) return context.refuse(new AppError("not_found", "not found"));
  if (methods.has("GET")) methods.add("HEAD");
  const allow = [...methods.add("OPTIONS")].sort().join(", ");
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow: allow } });
  const error = new AppError("method_not_allowed", `${method} is not allowed here`);
  return context.refuse(error, { headers: { Allow: allow } });
}

function matches(route: Route, path: string): boolean {
  const wanted = route.path.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.startsWith(":") ? given[index] !== "" : segment === given[index],
    )
  );
}
