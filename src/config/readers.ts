import ipaddr from "ipaddr.js";
import type { ListenAddress } from "../http/listen.ts";

/** Turns the text of a setting into its value. */
export interface Reader<T> {
  /** What the text must be: completes the sentence "expected …". */
  readonly expected: string;
  /** The value, or undefined when the text is not what is expected. */
  readonly read: (text: string) => T | undefined;
}

/** Any text; `expected` says of what. */
export function text(expected: string): Reader<string> {
  return { expected, read: (value) => value };
}

/** Text of one shape. */
export function shaped(shape: RegExp, expected: string): Reader<string> {
  return { expected, read: (value) => (shape.test(value) ? value : undefined) };
}

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  return { expected: words.join(" or "), read: (value) => words.find((word) => word === value) };
}

/** A comma-separated list without repetition, each entry read by `entry`. */
export function listOf<T>(entry: Reader<T>, example: string): Reader<readonly T[]> {
  return {
    expected: `a comma-separated list of ${entry.expected}, such as ${example}`,
    read(value) {
      const parts = value.split(",").map((part) => part.trim());
      if (new Set(parts).size !== parts.length) return undefined;
      const entries = parts.map(entry.read);
      return entries.every((found): found is T & {} => found !== undefined) ? entries : undefined;
    },
  };
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): Reader<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    read: (value) => within(/^\d{1,15}$/.test(value) ? Number(value) : Number.NaN, min, max),
  };
}

/** A decimal number from `min` to `max`. */
export function decimal(min: number, max: number): Reader<number> {
  return {
    expected: `a number from ${min} to ${max}`,
    read: (value) => within(/^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN, min, max),
  };
}

/** The first reader that takes the text. */
export function either<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    read: (value) => first.read(value) ?? second.read(value),
  };
}

export const listenAddress: Reader<ListenAddress> = {
  expected: "host:port such as 127.0.0.1:8477 or [::1]:8477, or unix:/path/to.sock",
  read(value) {
    if (value.startsWith("unix:")) {
      const path = value.slice("unix:".length);
      return path.startsWith("/") ? { kind: "unix", path } : undefined;
    }
    const parts = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+)):(\d{1,5})$/i.exec(value);
    const host = parts?.[1] ?? parts?.[2];
    const port = within(Number(parts?.[3]), 0, 65_535);
    if (host === undefined || port === undefined) return undefined;
    return parts?.[1] && !ipaddr.IPv6.isValid(host) ? undefined : { kind: "tcp", host, port };
  },
};

/** Kept without its trailing slash, so that a path can be put behind it. */
export const publicUrl: Reader<string> = {
  expected: "an http or https URL without query, such as https://clips.example.com",
  read(value) {
    const url = URL.parse(value);
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
    return url.search || url.hash ? undefined : url.href.replace(/\/+$/, "");
  },
};

/** A server with nothing behind its host and port. */
export const serverUrl: Reader<string> = shaped(
  /^https?:\/\/[^/?#@\s]+\/?$/,
  "http:// or https:// with a host and an optional port only",
);

export const postgresUrl: Reader<string> = {
  expected: "postgres://user:password@host:port/database",
  read: (value) => (/^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? "") ? value : undefined),
};

/** One network in CIDR form; a plain address is the network of that one address. */
export const network: Reader<string> = {
  expected: "networks in CIDR form",
  read(value) {
    if (ipaddr.IPv4.isValidFourPartDecimal(value)) return `${value}/32`;
    if (ipaddr.IPv6.isValid(value)) return `${value}/128`;
    const isFourPart = ipaddr.IPv4.isValidFourPartDecimal(value.split("/")[0] ?? "");
    const isNetwork = ipaddr.isValidCIDR(value) && (isFourPart || value.includes(":"));
    return isNetwork ? value : undefined;
  },
};

/** A folder of our own. */
export const folder: Reader<string> = {
  expected: "a folder that belongs to the server alone, and not /",
  read: (value) => (/^\/+$/.test(value) ? undefined : value),
};

export const serverSecret: Reader<string> = shaped(
  /^.{32,}$/s,
  "at least 32 characters (make some with: openssl rand -base64 32)",
);

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}
