import { createHmac, timingSafeEqual } from "node:crypto";

export interface DemoAccessDeps {
  /** The server's own secret; the cookie is derived from it, and so outlives a restart. */
  readonly secret: string;
  /** The port listened on when the listener is loopback, else undefined: then there is no demo. */
  readonly loopbackPort: number | undefined;
  /** Whether the demo is on: not switched off, and no administrator yet. */
  readonly isOn: () => Promise<boolean>;
}

/** Who may use the demo project without an account: whoever sits at this machine. */
export interface DemoAccess {
  /** Whether the request comes from a browser here, to this server by one of its own names. */
  isWelcome(headers: Headers): Promise<boolean>;
  /** Whether it also carries the demo's cookie. */
  isMember(headers: Headers): Promise<boolean>;
  /** The value of `Set-Cookie` that makes a visitor a member. */
  readonly cookie: string;
}

const cookieName = "motioness_demo";
const yearSeconds = 365 * 86_400;

/** A proxy in front means that the visitor may be anywhere, although the connection is local. */
const proxyHeaders = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/**
 * The listener is loopback, but any web page may send a browser here, and may even read the
 * answers once its own name resolves to 127.0.0.1 (DNS rebinding). So the request must name this
 * server by an address that is nobody's domain, and come from no other origin.
 */
export function createDemoAccess({ secret, loopbackPort, isOn }: DemoAccessDeps): DemoAccess {
  const value = createHmac("sha256", secret).update("motioness demo cookie").digest("hex");
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${loopbackPort}`);

  const isWelcome = async (headers: Headers) => {
    const host = headers.get("host")?.toLowerCase() ?? "";
    if (loopbackPort === undefined || !hosts.includes(host)) return false;
    if (proxyHeaders.some((name) => headers.has(name))) return false;
    const origin = headers.get("origin");
    if (origin !== null && origin !== `http://${host}`) return false;
    return isOn();
  };

  return {
    isWelcome,
    async isMember(headers) {
      return matches(cookieOf(headers), value) && (await isWelcome(headers));
    },
    cookie: `${cookieName}=${value}; Path=/; Max-Age=${yearSeconds}; HttpOnly; SameSite=Strict`,
  };
}

function cookieOf(headers: Headers): string {
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const pair = pairs.find((candidate) => candidate.startsWith(`${cookieName}=`));
  return pair?.slice(cookieName.length + 1) ?? "";
}

function matches(given: string, value: string): boolean {
  if (given.length !== value.length) return false;
  const bytes = Buffer.from(given);
  return bytes.length === value.length && timingSafeEqual(bytes, Buffer.from(value));
}
