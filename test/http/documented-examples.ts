/** One example of the public pages, with our side of a deviation where there is one. */
export interface DocumentedExample {
  /** What the page shows or says. */
  readonly says: string;
  /** `METHOD /path`; `{pending}`, `{ready}` and `{failed}` are assets in that state. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** With the project owner's cookie. */
  readonly signedIn?: true;
  readonly status: number;
  /** Null for one that is not there. */
  readonly answers?: Readonly<Record<string, string | RegExp | null>>;
  readonly json?: unknown;
}

const hero = "/v1/pk_abc/cdn.acme.com/hero.png";
const signedPath = "/v1/pk_signed/aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc";
export const assetId = /^[0-9a-f]{16}$/;
const pending = {
  "retry-after": "30",
  "x-motioness-stage": "queued",
  "x-motioness-eta-ms": "28000",
  "x-motioness-asset-id": assetId,
  "access-control-allow-origin": "*",
  "x-request-id": /^req_[0-9a-f]{8}$/,
  "cf-cache-status": null,
};
const pendingBody = { status: "pending", asset_id: assetId, eta_seconds: 28 };

/** The proxy URL: sections on its path, query, answers and headers. */
export const proxyExamples: readonly DocumentedExample[] = [
  {
    says: "a first .mp4",
    request: `GET ${hero}.mp4`,
    status: 202,
    answers: pending,
    json: pendingBody,
  },
  {
    says: "a poster is there at once",
    request: `GET ${hero}.jpg`,
    status: 200,
    answers: { "content-type": "image/jpeg" },
  },
  {
    says: "options",
    request: `GET ${hero}.mp4?motion=kinetic&dur=6&mode=loop`,
    status: 202,
    answers: pending,
  },
  { says: "a variant", request: `GET ${hero}.mp4?idem=variant-a`, status: 202, json: pendingBody },
  {
    says: "a finished clip; our Cache-Control, for a regenerated clip keeps its URL",
    request: `GET ${hero}.mp4?seed=2&wait_ms=8000`,
    status: 200,
    answers: {
      "content-type": "video/mp4",
      "x-motioness-stage": "ready",
      "x-motioness-loop": "native",
      "x-motioness-asset-id": assetId,
      "cache-control": "public, max-age=300, s-maxage=31536000, stale-while-revalidate=86400",
      "access-control-allow-origin": "*",
      "x-motioness-eta-ms": null,
      "cf-cache-status": null,
    },
  },
  {
    says: "one generation of it never changes",
    request: `GET ${hero}.mp4?seed=2&v=1`,
    status: 200,
    answers: { "cache-control": "public, max-age=31536000, immutable" },
  },
  {
    says: "the request id is echoed",
    request: `GET ${hero}.mp4`,
    headers: { "X-Request-Id": "mine_1234" },
    status: 202,
    answers: { "x-request-id": "mine_1234" },
  },
  {
    says: "Idempotency-Key stands in for idem",
    request: `GET ${hero}.mp4`,
    headers: { "Idempotency-Key": "variant-a" },
    status: 202,
    json: pendingBody,
  },
  {
    says: "an uploaded source is proxied like any other; no origin need be allowed",
    request: "GET /v1/pk_abc/motioness.com/uploads/usr_abc/1714801234567-abcdefghijkl.png.mp4",
    status: 202,
    json: pendingBody,
  },
  {
    says: "the recipe's signature, until exp",
    request: `GET ${signedPath}.mp4?sig={sig}&exp=1714808400`,
    status: 202,
    json: pendingBody,
  },
  {
    says: "one signature for both suffixes",
    request: `GET ${signedPath}.jpg?sig={sig}&exp=1714808400`,
    status: 200,
  },
  {
    says: "an origin that is not allowed",
    request: "GET /v1/pk_abc/evil.com/hero.png.mp4",
    status: 403,
    json: { error: "origin not in allowlist" },
  },
  {
    says: "an unknown key",
    request: "GET /v1/pk_unknown/cdn.acme.com/hero.png.mp4",
    status: 403,
    json: { error: "unknown project key" },
  },
  {
    says: "a wrong signature",
    request: `GET ${signedPath}.mp4?sig=${"0".repeat(64)}&exp=1714808400`,
    status: 403,
    json: { error: /^invalid signature/ },
  },
  {
    says: "a malformed URL; ours says what was expected",
    request: "GET /v1/pk_abc/cdn.acme.com/hero.png",
    status: 400,
    json: { error: /^malformed proxy URL: / },
  },
  {
    says: "an unknown parameter, which ours refuses",
    request: `GET ${hero}.mp4?size=9`,
    status: 400,
    json: { error: /^malformed proxy URL: there is no query parameter "size"/ },
  },
  {
    says: "a failed generation",
    request: `GET ${hero}.mp4?seed=3`,
    status: 502,
    answers: { "x-motioness-asset-id": assetId },
    json: {
      error: "last generation failed",
      asset_id: "{failed}",
      hint: "POST /api/v1/regenerate/{failed}",
    },
  },
];
