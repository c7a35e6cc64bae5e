import { isIP } from "node:net";
import type { Hop } from "./hop.ts";

/**
 * One request to one address that has been checked. The URL names the address, so nothing is
 * resolved again; the name lives on in `Host` and in the name that the certificate must carry.
 *
 * The environment has no say: `proxy: false` keeps a configured proxy from resolving the name out
 * of our sight (leaving it out, or empty, does not), and certificates are verified even where they
 * are switched off for the process. A connection is used once.
 */
export function send(
  { request, policy, target }: Hop,
  address: string,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(target.url);
  url.hostname = isIP(address) === 6 ? `[${address}]` : address;
  const serverName = isIP(target.hostname) === 0 ? { serverName: target.hostname } : {};
  return fetch(url, {
    method: request.method,
    headers: { ...request.headers, Host: target.url.host },
    body: request.body ?? null,
    redirect: "manual",
    decompress: policy.decompress,
    keepalive: false,
    proxy: false,
    signal,
    tls: { ...serverName, rejectUnauthorized: true },
  });
}

const connectFailures: ReadonlySet<string> = new Set([
  "EADDRNOTAVAIL",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Whether no connection came about, so that nothing was sent and the next address may be tried. */
export function isConnectFailure(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && connectFailures.has(error.code);
}
