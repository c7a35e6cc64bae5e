import { AppError, type ErrorCode } from "../errors.ts";

/** A URL that may be asked for as far as its text tells; where it leads is judged later. */
export interface Target {
  readonly url: URL;
  /** Lower case, without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
}

export interface TargetRules {
  /** How messages call what is fetched: `the source`. */
  readonly subject: string;
  readonly failedCode: ErrorCode;
  /** `scheme://host:port`, whose ports may be reached on these hosts and their subdomains. */
  readonly allowedOrigins: readonly string[];
}

const urlLengthMax = 8192;
const hostLengthMax = 253;
const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/**
 * Reads a URL that came from outside. Everything is judged on what the WHATWG parser made of it,
 * which is also what the connection is made from: `0x7f.1`, fullwidth digits or a backslash before
 * the host are no longer there.
 *
 * @param base what a relative reference (of a redirect) is relative to.
 * @throws AppError with the rules' code, naming the fault; never to be retried.
 */
export function parseTarget(text: string, rules: TargetRules, base?: URL): Target {
  const refuse = (fault: string) =>
    new AppError(rules.failedCode, `the URL of ${rules.subject} ${fault}`, { retry: false });
  if (text.length > urlLengthMax) throw refuse(`is longer than ${urlLengthMax} characters`);
  const url = URL.parse(text, base);
  if (url === null) throw refuse("cannot be read; expected http:// or https:// and a host");
  const defaultPort = defaultPorts[url.protocol];
  if (defaultPort === undefined) {
    throw refuse(`must begin with http:// or https://, got ${url.protocol.slice(0, 32)}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("must not carry a user name or a password");
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  if (hostname.length > hostLengthMax) {
    throw refuse(`has a host name longer than ${hostLengthMax} characters`);
  }
  const port = url.port === "" ? defaultPort : Number(url.port);
  if (port !== 80 && port !== 443 && !isPortAllowed(url, port, rules.allowedOrigins)) {
    throw refuse(`names port ${port}; expected 80, 443 or the port of an allowed origin`);
  }
  return { url, hostname, port };
}

function isPortAllowed(url: URL, port: number, allowedOrigins: readonly string[]): boolean {
  return allowedOrigins.some((text) => {
    const origin = URL.parse(text);
    if (origin === null || Number(origin.port) !== port) return false;
    return url.hostname === origin.hostname || url.hostname.endsWith(`.${origin.hostname}`);
  });
}
