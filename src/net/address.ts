import ipaddr from "ipaddr.js";
import { AppError } from "../errors.ts";

/** Whether an address, written as text, belongs to a set. */
export type AddressMatcher = (address: string) => boolean;

/**
 * All of IPv6 that is given out for the public internet (RFC 4291 §2.4). Asking for it, besides
 * asking `ipaddr.js` for what it knows to be special, covers what no list names: IPv4 in IPv6
 * (`::/96`, "compatible": there are systems that connect `::7f00:1` to loopback) and the rest of
 * the space, which nobody holds.
 */
const globalUnicast = ipaddr.IPv6.parse("2000::");

/** The interface identifiers of ISATAP (RFC 5214 §6.1): an IPv4 address follows them. */
const isatapIdentifiers: readonly string[] = ["0:5efe", "200:5efe"];

/**
 * Whether the address is an ordinary one of the public internet: none of the special ranges of
 * IANA's registries (private, loopback, link-local, shared, documentation, benchmarking, multicast,
 * reserved …), and no IPv6 form that carries an IPv4 address to wherever a gateway takes it
 * (mapped, compatible, NAT64, 6to4, Teredo, ISATAP).
 */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined || parsed.range() !== "unicast") return false;
  if (!isIpv6(parsed)) return true;
  if (!parsed.match(globalUnicast, 3)) return false;
  return !isatapIdentifiers.includes(interfaceIdentifier(parsed));
}

/**
 * The addresses in any of the networks (`10.0.0.0/8`, `fd00::/8`). An IPv6 form of an IPv4 address
 * is not in that address's network.
 *
 * @throws AppError `invalid_config` naming the first network that is none.
 */
export function createAddressMatcher(networks: readonly string[]): AddressMatcher {
  const ranges = networks.map(parseNetwork);
  return (address) => {
    const parsed = parseAddress(address);
    if (parsed === undefined) return false;
    return ranges.some(([base, bits]) => {
      return base.kind() === parsed.kind() && parsed.match(base, bits);
    });
  };
}

/**
 * Whose limits an address counts against: its own, and of IPv6 its /64. That is the least that
 * anybody is given (RFC 6177 §2), and whoever has it can send from each of its 2⁶⁴ addresses.
 */
export function subscriberOf(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === undefined || !isIpv6(parsed)) return address;
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}

/** Only the one spelling: no octal, hexadecimal or short forms, and no zone. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text);
}

function parseNetwork(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const base = parseAddress(text.split("/")[0] ?? "");
  if (base !== undefined && ipaddr.isValidCIDR(text)) return [base, ipaddr.parseCIDR(text)[1]];
  throw new AppError(
    "invalid_config",
    `got ${JSON.stringify(text)}, expected a network such as 192.168.0.0/16 or fd00::/8`,
  );
}

function isIpv6(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 {
  return address.kind() === "ipv6";
}

function interfaceIdentifier(address: ipaddr.IPv6): string {
  return address.parts
    .slice(4, 6)
    .map((part) => part.toString(16))
    .join(":");
}
