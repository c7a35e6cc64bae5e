import { createAddressMatcher } from "../../net/address.ts";

/**
 * Whose request it is, for limits and the log.
 * @param peer the address the connection came from; undefined on a socket file.
 */
export type ClientAddress = (headers: Headers, peer: string | undefined) => string;

/** Longer chains are nobody's real network. */
const hopsMax = 20;

/**
 * Reads the client's address behind proxies: from the connection backwards through
 * `X-Forwarded-For` for as long as the hop before is a trusted proxy. What an untrusted hop
 * claims is ignored, since anybody can send the header.
 * @param trustedProxies networks in CIDR form.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = createAddressMatcher(trustedProxies);
  return (headers, peer) => {
    // Only a process of this machine can use a socket file: a proxy, by all experience.
    let address = normalise(peer ?? "127.0.0.1");
    if (peer !== undefined && !isTrusted(address)) return address;
    const hops = (headers.get("x-forwarded-for") ?? "").split(",").slice(-hopsMax);
    for (const hop of hops.reverse()) {
      const claimed = normalise(hop.trim());
      if (!/^[\d.]+$|^[\da-f:.]+$/i.test(claimed)) break;
      address = claimed;
      if (!isTrusted(address)) break;
    }
    return address;
  };
}

/**
 * `::ffff:10.0.0.1`, `[::1]:443` and `10.0.0.1:443` without what does not belong to the address.
 */
function normalise(text: string): string {
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return bare.replace(/^::ffff:(?=\d+\.)/i, "");
}
