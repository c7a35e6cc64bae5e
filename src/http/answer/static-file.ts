import { listsTag } from "./conditional.ts";

/** One file that does not change while the server runs, ready to be answered with. */
export interface StaticFile {
  readonly body: Blob;
  readonly headers: Readonly<Record<string, string>>;
  /** The same in gzip, for a reader that takes it. */
  readonly gzipped?: Blob;
}

/**
 * A text as a file, packed once for all who read it. Its tag is a weak one, for it names the text
 * and not which of the two forms is sent.
 */
export function createTextFile(
  text: string,
  headers: Readonly<Record<string, string>>,
): StaticFile {
  const bytes = new TextEncoder().encode(text);
  const digest = new Bun.CryptoHasher("sha256").update(bytes).digest("base64url");
  return {
    body: new Blob([bytes]),
    gzipped: new Blob([Bun.gzipSync(bytes)]),
    headers: { ...headers, ETag: `W/"${digest.slice(0, 22)}"`, Vary: "Accept-Encoding" },
  };
}

/** 200, or 304 to a reader that has it already. */
export function answerStaticFile(file: StaticFile, requestHeaders: Headers): Response {
  const { body, gzipped, headers } = file;
  const etag = headers["ETag"];
  const known = requestHeaders.get("if-none-match");
  if (etag !== undefined && known !== null && listsTag(known, etag, "weak")) {
    return new Response(null, { status: 304, headers });
  }
  if (gzipped === undefined || !takesGzip(requestHeaders)) return new Response(body, { headers });
  return new Response(gzipped, { headers: { ...headers, "Content-Encoding": "gzip" } });
}

/** RFC 9110 §12.5.3, as far as browsers and programs write it: named, and not with a weight of 0. */
function takesGzip(headers: Headers): boolean {
  const codings = headers.get("accept-encoding")?.toLowerCase().split(",") ?? [];
  return codings.some((coding) =>
    /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/.test(coding),
  );
}
