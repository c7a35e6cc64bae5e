import { invalidArgument } from "./error.ts";
import { hmacSha256 } from "./hmac.ts";
import { buildProxyUrl, type ProxyUrlOptions } from "./url.ts";

export interface SignedUrlOptions extends Omit<ProxyUrlOptions, "sig" | "signed"> {
  /** The project's signing secret. Keep it on your servers. */
  readonly secret: string;
  /** How long the URL is good from now on; ignored when `exp` is given. An hour by default. */
  readonly ttlSeconds?: number;
  /** Unix milliseconds; for tests. */
  readonly now?: () => number;
}

const ttlSecondsDefault = 3600;
/** A time in milliseconds is beyond it until the year 5138, one in seconds is not. */
const expMax = 1e11;

/**
 * A proxy URL for a project that wants them signed: HMAC-SHA256 over `key:src:exp`, keyed with the
 * secret as text, in lower-case hex. Nothing else of the URL is signed.
 * @throws MotionessError `invalid_argument` naming the option.
 */
export async function signProxyUrl(options: SignedUrlOptions): Promise<string> {
  const { secret, ttlSeconds = ttlSecondsDefault, now = Date.now, ...url } = options;
  if (secret === "") throw invalidArgument("secret is empty");
  if (!(Number.isSafeInteger(ttlSeconds) && ttlSeconds > 0)) {
    throw invalidArgument("ttlSeconds must be a whole number from 1");
  }
  const exp = url.exp ?? Math.floor(now() / 1000) + ttlSeconds;
  if (!(Number.isSafeInteger(exp) && exp > 0 && exp < expMax)) {
    throw invalidArgument("exp must be whole Unix seconds, not milliseconds");
  }
  const message = `${url.projectKey}:${url.src}:${exp}`;
  const digest = await hmacSha256(new TextEncoder().encode(secret), message);
  const sig = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return buildProxyUrl({ ...url, exp, sig, signed: true });
}
