import { networkInterfaces } from "node:os";
import { createAddressMatcher } from "./address.ts";
import type { Target } from "./target.ts";

const isLoopback = createAddressMatcher(["127.0.0.0/8", "::1/128"]);

/**
 * Whether the request would come back to this server: by the name it is known by, or because the
 * address and port are those it listens on. A server that fetches from itself can be made to run
 * in circles, and reaches itself from an address that it trusts.
 *
 * @param ownOrigins `scheme://host:port` of the listener and of the public URL.
 */
export function isOwnOrigin(
  target: Target,
  address: string,
  ownOrigins: readonly string[],
): boolean {
  return ownOrigins.some((text) => {
    const own = URL.parse(text);
    if (own === null || target.port !== portOf(own)) return false;
    const ownHost = own.hostname.replace(/^\[|\]$/g, "");
    return ownHost === target.hostname || isListenedOn(ownHost, address);
  });
}

function isListenedOn(ownHost: string, address: string): boolean {
  if (ownHost === "localhost") return isLoopback(address);
  if (ownHost !== "0.0.0.0" && ownHost !== "::") return ownHost === address;
  return isLoopback(address) || interfaceAddresses().includes(address);
}

function interfaceAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
}

function portOf({ port, protocol }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}
