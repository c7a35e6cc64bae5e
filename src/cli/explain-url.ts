import { toAppError } from "../errors.ts";
import { type ProxyUrl, parseProxyUrl } from "../http/proxy/proxy-url.ts";
import { type SignedTuple, signSource, verifySource } from "../projects/signing.ts";
import { type Io, say } from "./io.ts";

export interface ExplainOptions {
  /** The project's key, when it is known: then the URL must carry it. */
  readonly key: string | undefined;
  readonly secret: string;
  readonly isJson: boolean;
}

/** Prints what a signed URL says, and the server's verdict on it. Returns whether it is good. */
export function explainUrl(io: Io, url: string, options: ExplainOptions): boolean {
  const explanation = explain(url, options, io.now());
  if (options.isJson) say(io, JSON.stringify(explanation));
  else for (const [name, value] of Object.entries(explanation)) say(io, line(name, value));
  return explanation.verdict === "good";
}

interface Explanation {
  readonly key?: string;
  readonly source?: string;
  readonly format?: string;
  readonly expires?: string;
  readonly verdict: string;
  readonly hint?: string;
}

function explain(url: string, options: ExplainOptions, nowMs: number): Explanation {
  let parsed: ProxyUrl;
  try {
    parsed = parseProxyUrl(url.slice(Math.max(0, url.search(/\/v1\//))));
  } catch (thrown) {
    return { verdict: `refused: ${toAppError(thrown).message}` };
  }
  const { projectKey, format } = parsed;
  const { sig, exp } = parsed.options;
  const source = Buffer.from(parsed.source, "base64url").toString();
  const facts = {
    key: projectKey,
    ...(/^https?:\/\//.test(source) ? { source } : {}),
    format,
    ...(exp === undefined ? {} : { expires: shownTime(exp, nowMs) }),
  };
  if (options.key !== undefined && options.key !== projectKey) {
    return { ...facts, verdict: `refused: the URL is of another project than ${options.key}` };
  }
  try {
    const settings = { secret: options.secret, previous: undefined };
    verifySource(settings, { projectKey, path: parsed.source, sig, expSeconds: exp }, nowMs);
    return { ...facts, verdict: "good" };
  } catch (thrown) {
    const tuple = { projectKey, src: source, expSeconds: exp ?? 0 };
    const hint = findSlip(options.secret, tuple, parsed, sig);
    return { ...facts, verdict: `refused: ${toAppError(thrown).message}`, ...(hint && { hint }) };
  }
}

/** The usual slips of a signer: the one that would make the signature come out as it did. */
function findSlip(
  secret: string,
  tuple: SignedTuple,
  parsed: ProxyUrl,
  sig: string | undefined,
): string | undefined {
  const bare = tuple.src.replace(/^https?:\/\//, "");
  const slips: readonly (readonly [string, string, SignedTuple])[] = [
    ["the source was signed without its scheme", secret, { ...tuple, src: bare }],
    ["the encoded path was signed instead of the source", secret, { ...tuple, src: parsed.source }],
    ["the secret was used with a line feed behind it", `${secret}\n`, tuple],
    ["exp was signed in milliseconds", secret, { ...tuple, expSeconds: tuple.expSeconds * 1000 }],
  ];
  return slips.find(([, key, wrong]) => signSource(key, wrong) === sig?.toLowerCase())?.[0];
}

function shownTime(seconds: number, nowMs: number): string {
  const at = new Date(seconds * 1000);
  const minutes = Math.round((seconds * 1000 - nowMs) / 60_000);
  if (Number.isNaN(at.getTime())) return `${seconds} (no time)`;
  return `${at.toISOString()} (${minutes >= 0 ? `in ${minutes} min` : `${-minutes} min ago`})`;
}

function line(name: string, value: string): string {
  return `${name.padEnd(8)} ${value}`;
}
