import { AppError } from "../../errors.ts";

/**
 * Refuses a request that another site's page made a browser send (CSRF).
 * @throws AppError `forbidden`.
 */
export type CheckSameSite = (request: Request) => void;

const readingMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * A browser attaches cookies whoever wrote the page, and says where the page came from: in
 * `Sec-Fetch-Site`, or at least in `Origin`, which the page cannot change. What says neither is no
 * browser. Methods that read change nothing, and their answers are hidden from other sites.
 * @param ownUrls the public URL and the listener's.
 */
export function createCheckSameSite(ownUrls: readonly string[]): CheckSameSite {
  const ownOrigins = ownUrls.map((url) => new URL(url).origin);
  return ({ method, headers }) => {
    if (readingMethods.includes(method)) return;
    const site = headers.get("sec-fetch-site");
    if (site === "same-origin" || site === "none") return;
    const origin = headers.get("origin");
    if (origin === null && site === null) return;
    if (origin !== null && ownOrigins.includes(origin)) return;
    // Without `Sec-Fetch-Site` (plain http) the names are compared. A name that was made to point
    // here is its own site, and has none of our cookies.
    if (site === null && origin !== null && isSameHost(origin, headers.get("host"))) return;
    throw new AppError(
      "forbidden",
      "refused because the request came from another site: send it from this server's own pages, " +
        "or without cookies and with an API key",
    );
  };
}

function isSameHost(origin: string, host: string | null): boolean {
  const url = URL.parse(origin);
  // With the origin's scheme, so that a port which it leaves out may be written or not.
  return url !== null && URL.parse(`${url.protocol}//${host}`)?.host === url.host;
}
