import { AppError } from "../errors.ts";

/** At most this many origins a project. */
export const originsMax = 50;

/** The authority of a source URL: its host and, when it names one, its port. */
export interface Authority {
  readonly hostname: string;
  /** Digits, or empty when none is given. */
  readonly port: string;
}

/**
 * Reads a project's allowed origins: scheme, host and perhaps a port, nothing more. Subdomains are
 * always included, so an entry needs no wildcard.
 * @returns each origin in its canonical form, without repeats.
 * @throws AppError `invalid_request` naming the first bad entry.
 */
export function parseOrigins(entries: readonly string[]): readonly string[] {
  const origins = [...new Set(entries.map(parseOrigin))];
  if (origins.length > originsMax) {
    throw refused(`${origins.length} origins are given, at most ${originsMax} are allowed`);
  }
  return origins;
}

/** One origin in its canonical form, `https://acme.com` or `http://127.0.0.1:9000`. */
export function parseOrigin(entry: string): string {
  const url = URL.parse(entry);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw refused(`the origin ${JSON.stringify(entry)} must begin with https:// or http://`);
  }
  if (entry.includes("*")) {
    throw refused(`the origin ${JSON.stringify(entry)} needs no *: subdomains are included`);
  }
  // The parser is lenient about spelling; an allowlist must read as it matches.
  const spelled = entry.replace(/\/$/, "").toLowerCase();
  const withDefaultPort = `${url.origin}:${defaultPort(url.protocol)}`;
  if (spelled !== url.origin && spelled !== withDefaultPort) {
    throw refused(
      `the origin ${JSON.stringify(entry)} must be scheme, host and port only, as in ${url.origin}`,
    );
  }
  return url.origin;
}

/**
 * The allowed origin that covers a source's authority: the same host or one of its parents (on a
 * dot boundary, names only) with the same port. A longer host wins over a shorter one, https over
 * http. The origin's scheme is the scheme that the source is fetched with.
 */
export function findOrigin(origins: readonly string[], authority: Authority): URL | undefined {
  return origins
    .map((origin) => new URL(origin))
    .filter((origin) => coversHost(origin, authority.hostname) && coversPort(origin, authority))
    .sort((a, b) => b.host.length - a.host.length || b.protocol.length - a.protocol.length)[0];
}

/** `evilacme.com` is no subdomain of `acme.com`, and an IP address has none. */
function coversHost(origin: URL, hostname: string): boolean {
  if (origin.hostname === hostname) return true;
  return !isAddress(origin.hostname) && hostname.endsWith(`.${origin.hostname}`);
}

function coversPort(origin: URL, { port }: Authority): boolean {
  const fallback = defaultPort(origin.protocol);
  return (port || fallback) === (origin.port || fallback);
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
}

function defaultPort(protocol: string): string {
  return protocol === "https:" ? "443" : "80";
}

function refused(message: string): AppError {
  return new AppError("invalid_request", message);
}
