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

/**
 * The request as the framework can route it: it looks for the path behind the eleventh character
 * of the URL, so that a short host (`http://a/`) would hide it, and it knows no base path.
 */
export function routable(request: Request, target: string): Request {
  const url = `http://localhost${target}`;
  if (request.url.endsWith(target) && request.url.length - target.length >= "http://a.bc".length) {
    return request;
  }
  return new Request(url, request);
}
