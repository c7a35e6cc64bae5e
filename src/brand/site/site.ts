import { AppError } from "../../errors.ts";
import type { Answer, Exchange } from "../../net/exchange.ts";
import type { OutboundPolicy } from "../../net/hop.ts";
import { tidy } from "./html.ts";

/** What a file of a site may be taken for, and how much of it is read. */
export interface FileKind {
  readonly accept: string;
  readonly types: RegExp;
  /** What is longer is cut off here. */
  readonly bytesMax: number;
}

export const htmlFile: FileKind = {
  accept: "text/html,application/xhtml+xml",
  types: /^(?:text\/html|application\/xhtml\+xml)\b/i,
  bytesMax: 1024 * 1024,
};
export const cssFile: FileKind = {
  accept: "text/css",
  types: /^text\/css\b/i,
  bytesMax: 512 * 1024,
};
export const robotsFile: FileKind = {
  accept: "text/plain",
  types: /^text\/plain\b/i,
  bytesMax: 128 * 1024,
};

export interface SiteFile {
  /** Where it was found in the end. */
  readonly url: URL;
  readonly text: string;
}

export interface SiteDeps {
  readonly exchange: Exchange;
  readonly signal: AbortSignal;
  /** Origins whose ports may be reached besides 80 and 443. */
  readonly allowedOrigins: readonly string[];
}

/** How this server names itself to the sites that it reads. */
export const agent = "Motioness";

const fileTimeoutMs = 8000;
const redirectsMax = 5;

/**
 * Reads a file of a site. It follows redirects by itself, so that each can be judged: none leaves
 * the host, `www.` aside, and none leads from https to http; what lies at the address is for the
 * guarded client to judge, each time again.
 * @throws AppError `source_unfetchable`, in words for who asked for the crawl.
 */
export async function readSiteFile(deps: SiteDeps, start: URL, kind: FileKind): Promise<SiteFile> {
  let url = start;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const visited = await visit(deps, url, kind);
    if ("text" in visited) return { url, text: visited.text };
    url = checkRedirect(url, visited.location);
  }
  throw refused(`the site redirects more than ${redirectsMax} times`);
}

type Visited = { readonly text: string } | { readonly location: string };

function visit(deps: SiteDeps, url: URL, kind: FileKind): Promise<Visited> {
  const policy: OutboundPolicy = {
    subject: "the site",
    failedCode: "source_unfetchable",
    tooLargeCode: "source_too_large",
    tooLargeMessage: "the site sends too much",
    redirects: "answer",
    decompress: true,
    timeoutMs: fileTimeoutMs,
    // What is longer is not refused but cut off, below.
    sizeBytesMax: Number.POSITIVE_INFINITY,
  };
  const request = {
    url: url.href,
    method: "GET",
    headers: { accept: `${kind.accept};q=1, */*;q=0.1`, "user-agent": agent },
    allowedOrigins: deps.allowedOrigins,
    signal: deps.signal,
  } as const;
  return deps.exchange(request, policy, (answer) => take(answer, kind));
}

async function take({ status, headers, body }: Answer, kind: FileKind): Promise<Visited> {
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) return { location };
  if (status < 200 || status > 299) throw refused(`the site answered with status ${status}`);
  const type = headers.get("content-type") ?? "";
  if (!kind.types.test(type)) {
    const got = tidy(type, 60) || "nothing said of its type";
    throw refused(`the site answered with ${got}, expected ${kind.accept}`);
  }
  return { text: decode(await readUpTo(body, kind.bytesMax), type) };
}

async function readUpTo(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, bytesMax - bytes));
    bytes += chunk.byteLength;
    if (bytes >= bytesMax) break;
  }
  return Buffer.concat(chunks);
}

/** By the charset of the header, else of the page's own `<meta>`, else as UTF-8. */
function decode(bytes: Buffer, contentType: string): string {
  const beginning = bytes.subarray(0, 1024).toString("latin1");
  const label =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i.exec(beginning)?.[1] ??
    "utf-8";
  return decoderOf(label).decode(bytes);
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label as Bun.Encoding);
  } catch {
    // A page with an encoding that nobody knows is read as most pages are written.
    return new TextDecoder("utf-8");
  }
}

function checkRedirect(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  if (!to || !/^https?:$/.test(to.protocol)) {
    throw refused("the site redirects to what is no web address");
  }
  if (!isSameSite(from, to)) {
    throw refused(`the site redirects to ${to.hostname}: ask for that address instead`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw refused("the site redirects from https to http");
  }
  return to;
}

/** The same host, `www.` aside, on a port that is the same or its protocol's own. */
function isSameSite(from: URL, to: URL): boolean {
  const bare = ({ hostname }: URL) => hostname.replace(/^www\./, "");
  return bare(from) === bare(to) && (to.port === "" || to.port === from.port);
}

function refused(message: string): AppError {
  return new AppError("source_unfetchable", message, { retry: false });
}
