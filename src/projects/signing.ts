import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";
import type { SigningSettings } from "./proxy-project.ts";

/** What a signature covers; nothing else of the proxy URL is signed. */
export interface SignedTuple {
  readonly projectKey: string;
  /** The full source URL with its scheme, byte for byte as it was encoded into the path. */
  readonly src: string;
  /** Unix seconds after which the URL is refused. */
  readonly expSeconds: number;
}

/** A signed URL's own part, as it stood in the request. */
export interface SignedRequest {
  readonly projectKey: string;
  /** The path between key and format, percent-decoded. */
  readonly path: string;
  readonly sig: string | undefined;
  readonly expSeconds: number | undefined;
}

/** No URL is meant to live longer; a larger `exp` is most likely in milliseconds. */
const lifetimeSecondsMax = 10 * 366 * 86_400;

/** The signature: HMAC-SHA256 over `key:src:exp`, keyed with the secret as text, lower-case hex. */
export function signSource(secret: string, tuple: SignedTuple): string {
  return digest(secret, tuple).toString("hex");
}

/** A source URL as the path of a signed URL carries it: base64url without padding (RFC 4648 §5). */
export function encodeSource(src: string): string {
  return Buffer.from(src, "utf8").toString("base64url");
}

/**
 * Checks a signed URL against the project's secret, or the one before the last rotation while it
 * is still good.
 * @returns the source URL that was signed.
 * @throws AppError `invalid_signature` or `signature_expired`, each refusal with its own text.
 */
export function verifySource(
  settings: SigningSettings,
  request: SignedRequest,
  nowMs: number,
): string {
  const { sig, expSeconds } = request;
  if (sig === undefined) throw invalid("the sig parameter is missing");
  if (expSeconds === undefined) throw invalid("the exp parameter is missing");
  checkShape(sig);
  const src = decodeSource(request.path);
  if (expSeconds > nowMs / 1000 + lifetimeSecondsMax) {
    throw invalid("exp is more than ten years ahead; it counts Unix seconds, not milliseconds");
  }
  const tuple = { projectKey: request.projectKey, src, expSeconds };
  if (!acceptedSecrets(settings, nowMs).some((secret) => matches(secret, tuple, sig))) {
    throw invalid("it does not match project key, source and exp under the signing secret");
  }
  // Last, so that only the holder of a good signature learns that it is merely too old.
  if (nowMs / 1000 > expSeconds) throw new AppError("signature_expired", "signature expired");
  return src;
}

/** There is one spelling of a signature, so that no two URLs share one. */
function checkShape(sig: string): void {
  if (!/^[0-9a-fA-F]*$/.test(sig)) throw invalid("sig must be hex digits");
  if (sig.length !== 64) throw invalid(`sig has ${sig.length} hex digits, expected 64`);
  if (/[A-F]/.test(sig)) throw invalid("sig must be in lower case");
}

/**
 * The one canonical base64url text of a UTF-8 string, decoded. Buffer takes padding, both
 * alphabets, junk and stray last bits alike, hence the checks around it.
 */
function decodeSource(path: string): string {
  if (/^https?:\/\//.test(path) || /[^\w=+/-]/.test(path)) {
    throw invalid(
      "this project takes signed URLs only: the path must be the base64url of the source",
    );
  }
  if (path.includes("=")) throw invalid("the path is padded; leave out every =");
  if (/[+/]/.test(path)) throw invalid("the path is plain base64; use base64url (- and _)");
  const bytes = Buffer.from(path, "base64url");
  if (bytes.toString("base64url") !== path) throw invalid("the path is not canonical base64url");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid("the path does not decode to UTF-8 text", cause);
  }
}

function acceptedSecrets(settings: SigningSettings, nowMs: number): readonly string[] {
  const { secret, previous } = settings;
  return previous && nowMs < previous.untilMs ? [secret, previous.secret] : [secret];
}

/** Compares in constant time; both sides are 32 bytes, as `checkShape` saw to. */
function matches(secret: string, tuple: SignedTuple, sig: string): boolean {
  return timingSafeEqual(digest(secret, tuple), Buffer.from(sig, "hex"));
}

function digest(secret: string, { projectKey, src, expSeconds }: SignedTuple): Buffer {
  return createHmac("sha256", secret).update(`${projectKey}:${src}:${expSeconds}`).digest();
}

function invalid(why: string, cause?: unknown): AppError {
  return new AppError("invalid_signature", `invalid signature: ${why}`, { cause });
}
