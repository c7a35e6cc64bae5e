import type { ListenAddress } from "../http/listen.ts";

/**
 * The URL under which this machine reaches a listener: a wildcard address is one to listen on,
 * none to go to. Undefined for a socket file, which no URL names.
 */
export function localUrl(address: ListenAddress): string | undefined {
  if (address.kind === "unix") return undefined;
  const host = wildcards[address.host] ?? address.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

const wildcards: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
