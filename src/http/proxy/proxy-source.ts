import { AppError } from "../../errors.ts";
import { findOrigin } from "../../projects/origins.ts";
import type { ProxyProject } from "../../projects/proxy-project.ts";
import { verifySource } from "../../projects/signing.ts";
import type { ProxyUrl } from "./proxy-url.ts";
import { findUploadKey } from "./upload-url.ts";

/** The longest source URL, with its scheme. */
export const sourceLengthMax = 2048;

export interface SourceContext {
  /** The server's own public address; its uploads need no entry in the allowlist. */
  readonly baseUrl: string;
  readonly nowMs: number;
}

/**
 * The source that a proxy URL may have: verified against the project's signing secret, or against
 * its allowed origins.
 * @returns the source URL in its canonical form.
 * @throws AppError `malformed_url`, `origin_not_allowed`, `invalid_signature`, `signature_expired`.
 */
export function authoriseSource(
  context: SourceContext,
  project: ProxyProject,
  url: ProxyUrl,
): string {
  if (project.signing) {
    const { sig, exp } = url.options;
    const signed = { projectKey: url.projectKey, path: url.source, sig, expSeconds: exp };
    return parseSource(verifySource(project.signing, signed, context.nowMs)).href;
  }
  return allowedSource(context, project.allowedOrigins, url.source);
}

/**
 * The source that somebody who is signed in names by its full URL: what a proxy URL of the project
 * would mean by it, so that both lead to one asset. A project that signs has no allowlist.
 * @throws AppError `malformed_url`, `origin_not_allowed`.
 */
export function authoriseFullSource(
  context: Pick<SourceContext, "baseUrl">,
  project: { readonly allowedOrigins: readonly string[]; readonly isSigned: boolean },
  src: string,
): string {
  const { href } = parseSource(src);
  if (project.isSigned) return href;
  return allowedSource(context, project.allowedOrigins, href.replace(/^https?:\/\//, ""));
}

/** A plain source has no scheme of its own: it takes that of the origin which allows it. */
function allowedSource(
  { baseUrl }: Pick<SourceContext, "baseUrl">,
  origins: readonly string[],
  source: string,
): string {
  if (/^https?:/.test(source)) throw malformed("leave out the scheme of the source");
  if (/^[\w=+-]+$/.test(source)) {
    throw malformed("the project takes plain sources, as in cdn.acme.com/hero.png; signing is off");
  }
  const own = parseSource(`${new URL(baseUrl).protocol}//${source}`).href;
  if (findUploadKey(baseUrl, own) !== undefined) return own;
  const authority = /^[^/?]*/.exec(source)?.[0] ?? "";
  const port = /:(\d+)$/.exec(authority)?.[1] ?? "";
  const { hostname } = parseSource(`https://${source}`);
  const origin = findOrigin(origins, { hostname, port });
  if (!origin) throw new AppError("origin_not_allowed", "origin not in allowlist");
  return parseSource(`${origin.protocol}//${source}`).href;
}

/**
 * Reads a full source URL. The host must be spelled as it is understood: no number forms of an
 * address, no look-alike letters, no credentials.
 */
function parseSource(text: string): URL {
  if (text.length > sourceLengthMax) {
    throw malformed(
      `the source has ${text.length} characters, at most ${sourceLengthMax} are allowed`,
    );
  }
  // A URL parser drops or encodes these quietly, and two spellings would become one source.
  const url = /\p{Cc}|\s$/u.test(text) ? null : URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw malformed("the source is no http or https URL");
  if (text.includes("#")) throw malformed("the source has a fragment; a server never sees it");
  const authority = /^https?:\/\/([^/?]*)/.exec(text)?.[1]?.toLowerCase();
  const defaultPort = url.protocol === "https:" ? "443" : "80";
  if (authority !== url.host && authority !== `${url.hostname}:${defaultPort}`) {
    throw malformed(`write the host of the source as ${url.host}`);
  }
  return url;
}

function malformed(why: string): AppError {
  return new AppError("malformed_url", `malformed proxy URL: ${why}`);
}
