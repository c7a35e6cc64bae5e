import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OpenApiDocument } from "../../src/http/reference/open-api.ts";
import { createDocumentCheck } from "./document-check.ts";

/**
 * Loaded before all tests: every answer that any of them fetches from this server is compared with
 * the document. An answer that is not as it says fails the request, and with it the test.
 */

const path = join(import.meta.dir, "../../docs/openapi.json");
const check = existsSync(path)
  ? createDocumentCheck(JSON.parse(readFileSync(path, "utf8")) as OpenApiDocument)
  : () => [];
const fetchUnwatched = globalThis.fetch;
const ownHosts = ["127.0.0.1", "localhost", "[::1]"];

globalThis.fetch = Object.assign(async (...[input, init]: Parameters<typeof fetch>) => {
  const response = await fetchUnwatched(input, init);
  const { url, method } = input instanceof Request ? input : { url: String(input), method: "GET" };
  await watch(new URL(url), init?.method ?? method, response);
  return response;
}, fetchUnwatched);

/** Only this server's answers carry a request id, and those of servers that play its part. */
async function watch(url: URL, method: string, response: Response): Promise<void> {
  if (!ownHosts.includes(url.hostname) || !isOurs(response.headers)) return;
  const { status, headers } = response;
  const isJson = headers.get("content-type")?.startsWith("application/json") && method !== "HEAD";
  const body = isJson ? await response.clone().text() : undefined;
  const problems = check({ method, path: url.pathname, status, headers, body: body || undefined });
  if (problems.length === 0) return;
  const answer = `${method} ${url.pathname} answered ${status} ${body?.slice(0, 300) ?? ""}`;
  throw new Error(`${answer}\nwhich is not in the document: ${problems.slice(0, 5).join("; ")}`);
}

function isOurs(headers: Headers): boolean {
  return headers.has("x-request-id") && !headers.has("x-played-by-a-test");
}
