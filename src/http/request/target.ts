import { AppError } from "../../errors.ts";

/**
 * The request target, path and query, as it was sent. The server writes the host before it, except
 * when the Host header is none a URL could hold.
 * @param basePath the path of the public URL, `` or `/motion`; a proxy may or may not strip it.
 */
export function targetOf(url: string, basePath: string): string {
  const target = url.startsWith("/") ? url : url.slice(url.indexOf("/", url.indexOf("//") + 2));
  if (basePath === "" || !target.startsWith(`${basePath}/`)) return target;
  return target.slice(basePath.length);
}

/** A NUL is in nobody's id, and Postgres would not even look for it. @throws AppError `not_found`. */
export function refuseNul(target: string): void {
  if (/^[^?]*%00/.test(target)) throw new AppError("not_found", "not found");
}

/** The first parameter that a target's query has more than once. */
export function findRepeated(target: string): string | undefined {
  const query = target.includes("?") ? target.slice(target.indexOf("?") + 1) : "";
  const seen = new Set<string>();
  for (const name of new URLSearchParams(query).keys()) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

/**
 * The request as the framework can route it: it looks for the path behind the eleventh character
 * of the URL, so that a short host (`http://a/`) would hide it, it knows no base path, and it
 * answers HEAD by reading whole bodies.
 */
export function routable(request: Request, target: string): Request {
  const { method, url } = request;
  const pathStart = url.indexOf("/", url.indexOf("//") + 2);
  const isWhole = url.length - target.length === pathStart;
  if (isWhole && pathStart >= "http://a.bc".length && method !== "HEAD") return request;
  const { headers, signal } = request;
  if (method === "HEAD") return new Request(`http://localhost${target}`, { headers, signal });
  return new Request(`http://localhost${target}`, request);
}

/** The answer to HEAD from the answer to GET: its headers, with the length of its body. */
export async function withoutBody(response: Response): Promise<Response> {
  if (!response.body) return response;
  const { byteLength } = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  headers.set("Content-Length", String(byteLength));
  return new Response(null, { status: response.status, headers });
}
