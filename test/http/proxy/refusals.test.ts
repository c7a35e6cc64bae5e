import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import { encodeSource, signSource } from "../../../src/projects/signing.ts";
import { keyHeaders } from "../../support/sign-in.ts";
import { exchangeRaw, parseAnswer } from "../raw-request.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer({ config: { upgradeUrl: "https://example.com/pricing" } });
const path = (source: string) => server.url(source);
const errorOf = (body: Buffer) => (JSON.parse(body.toString()) as { error: string }).error;

describe("a proxy URL is refused", () => {
  const rows: [string, string, number, string][] = [
    ["another origin", path("evil.com/a.png.mp4"), 403, "origin not in allowlist"],
    ["an unknown key", "/v1/pk_unknown/acme.com/a.png.mp4", 403, "unknown project key"],
    ["no format", path("acme.com/a.png"), 400, "malformed proxy URL: expected /v1/"],
    ["a bad option", path("acme.com/a.png.mp4?dur=9"), 400, "dur must be a whole number"],
    ["an unknown option", path("acme.com/a.png.mp4?foo=1"), 400, 'no query parameter "foo"'],
    ["w on a clip", path("acme.com/a.png.mp4?w=64"), 400, "w is for posters (.jpg) only"],
    ["another path", "/v1/", 400, "malformed proxy URL"],
  ];
  test.each(rows)("for %s", async (_name, target, status, error) => {
    const answer = await server.get(target);
    expect(answer.status).toBe(status);
    expect(errorOf(answer.body)).toContain(error);
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers["x-request-id"]).toMatch(/^req_/);
  });

  test("for a bad Idempotency-Key", async () => {
    const answer = await server.get(path("acme.com/a.png.mp4"), { "Idempotency-Key": "a\tb" });
    expect([answer.status, errorOf(answer.body)]).toEqual([
      400,
      "malformed proxy URL: Idempotency-Key must be 1 to 128 printable characters",
    ]);
  });

  test("and nothing is written for it", async () => {
    const assets = await server.store.read.selectFrom("assets").select("id").execute();
    const events = await server.store.read.selectFrom("events").select("id").execute();
    expect([assets, events]).toEqual([[], []]);
  });

  test("when the owner's month is used up, saying where to go", async () => {
    const free = await openTestServer({
      seed: { allowedOrigins: ["https://acme.com"], plan: "free" },
      config: { upgradeUrl: "https://example.com/pricing" },
    });
    const ask = (seed: number) => free.get(free.url("acme.com/a.png.mp4", `?seed=${seed}`));
    for (let seed = 1; seed <= 5; seed++) expect((await ask(seed)).status).toBe(202);
    const answer = await ask(6);
    expect(answer.status).toBe(429);
    expect(JSON.parse(answer.body.toString())).toEqual({
      error: "monthly limit reached",
      upgrade_url: "https://example.com/pricing",
    });
    expect(answer.headers["x-motioness-asset-id"]).toMatch(/^[0-9a-f]{16}$/);
    expect((await ask(1)).status).toBe(202);
  });
});

describe("methods [H09]", () => {
  test("OPTIONS is told what a page may do", async () => {
    const answer = await server.send({ method: "OPTIONS", path: path("acme.com/a.png.mp4") });
    expect([answer.status, answer.body.length]).toEqual([204, 0]);
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
    });
    expect(answer.headers["access-control-allow-headers"]).toContain("Idempotency-Key");
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "TRACE"])("%s is not allowed", async (method) => {
    const answer = await server.send({ method, path: path("acme.com/a.png.mp4") });
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });
});

describe("a project that signs", async () => {
  const signing = await openTestServer();
  const secret = "signing-secret-of-the-project";
  await signing.store.write(async (tx) => {
    const signing_secret = signing.sealer.seal(secret);
    await tx.query.updateTable("projects").set({ enable_signing: 1, signing_secret }).execute();
  });
  const src = "https://anywhere.com/hero.png";
  const target = (expSeconds: number, format = "mp4") => {
    const sig = signSource(secret, { projectKey: signing.proxyKey, src, expSeconds });
    return signing.url(`${encodeSource(src)}.${format}?sig=${sig}&exp=${expSeconds}`);
  };
  const soon = Math.floor(Date.now() / 1000) + 3600;

  test("takes a signed URL, and one signature for both formats", async () => {
    const answer = await signing.get(target(soon));
    expect(answer.status).toBe(202);
    await finishClip(signing, answer.headers["x-motioness-asset-id"] ?? "");
    expect((await signing.get(target(soon))).status).toBe(200);
    // It gets as far as the source, which nobody serves.
    expect((await signing.get(target(soon, "jpg"))).status).toBe(502);
  });

  test("refuses an expired one, also when its asset is remembered", async () => {
    expect((await signing.get(target(soon))).status).toBe(200);
    const answer = await signing.get(target(Math.floor(Date.now() / 1000) - 10));
    expect([answer.status, errorOf(answer.body)]).toEqual([403, "signature expired"]);
  });

  test.each([
    ["a tampered signature", () => target(soon).replace(/sig=./, "sig=g")],
    ["another exp", () => target(soon).replace(/exp=\d/, "exp=2")],
    ["a plain source", () => signing.url("acme.com/a.png.mp4")],
    ["a padded path", () => target(soon).replace(".mp4", "=.mp4")],
  ])("refuses %s, saying why", async (_name, bad) => {
    const answer = await signing.get(bad());
    expect(answer.status).toBe(403);
    expect(errorOf(answer.body)).toMatch(/^invalid signature: ./);
  });

  test("keeps signatures out of the log [U18]", async () => {
    await signing.get(target(soon, "jpg"));
    await signing.get(target(soon + 1).replace("sig=", "s%69g="));
    const text = JSON.stringify(signing.log.lines);
    const sigs = [soon, soon + 1].map((exp) => /sig=(\w+)/.exec(target(exp))?.[1] ?? "");
    for (const sig of sigs) expect(text).not.toContain(sig);
    expect(text).toContain(signing.proxyKey);
  });

  test("keeps the source's own query out of the log [L16]", async () => {
    await signing.get(signing.url("acme.com/a.png%3FX-Amz-Signature%3Dbearer.mp4"));
    await signing.get(signing.url("acme.com/a.png%3fkey%3dbearer.mp4"));
    expect(JSON.stringify(signing.log.lines)).not.toContain("bearer");
  });
});

describe("request ids", () => {
  test.each(["mine-0001", "A_b-9", "x".repeat(64)])("%s is echoed", async (given) => {
    const answer = await server.get("/healthz", { "X-Request-Id": given });
    expect(answer.headers["x-request-id"]).toBe(given);
  });

  test.each(["", "abc", "x".repeat(129), "two words", "käse"])(
    "%j is replaced [H02]",
    async (id) => {
      const answer = await server.get(path("acme.com/a.png"), { "X-Request-Id": id });
      expect(answer.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{8}$/);
    },
  );

  test.each(["a\r b", "a\x01b", "a\nb: c"])("%j is no header at all [H01]", async (id) => {
    const bytes = `GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\n\r\n`;
    expect(parseAnswer(await exchangeRaw(server.port, bytes)).status).toBe(400);
  });
});

describe("requests out of the ordinary", () => {
  test.each([
    [
      "both lengths",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" +
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
    ["a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n"],
  ])("%s is refused by the parser [H04]", async (_name, bytes) => {
    expect(parseAnswer(await exchangeRaw(server.port, bytes)).status).toBe(400);
  });

  test.each([
    "//evil.com/x",
    "/%2e%2e%2fetc",
    "/..%2f..%2fetc",
    "/.git/config",
    "/R2/assets/x.mp4",
  ])("%s is not found, and never a redirect [H20, H21]", async (target) => {
    const answer = await server.get(target);
    expect([answer.status, errorOf(answer.body)]).toEqual([404, "not found"]);
    expect(answer.headers["location"]).toBeUndefined();
  });

  test("the absolute form of a target is one of ours", async () => {
    const answer = await server.get("http://evil.com/healthz");
    expect(answer.status).toBe(200);
  });

  test.each(["a", "a/b?c#d", "u:p@h", "ab"])("the host %j changes nothing", async (host) => {
    expect((await server.get("/healthz", { Host: host })).status).toBe(200);
    expect((await server.get(path("acme.com/a.png"), { Host: host })).status).toBe(400);
  });

  test.each(["gzip", "br", "deflate, gzip"])("a body in %s is refused [H26]", async (encoding) => {
    const answer = await server.send({
      method: "POST",
      path: "/api/v1/upload",
      headers: {
        ...(await keyHeaders(server.store, server.ownerId)),
        ...{ "Content-Type": "multipart/form-data; boundary=b" },
        ...{ "Content-Encoding": encoding, "Content-Length": "3" },
      },
      body: "abc",
    });
    expect([answer.status, errorOf(answer.body)]).toEqual([
      415,
      "unsupported type: the body must not be compressed",
    ]);
  });
});

test("a fault of ours is logged and not told [H24, L15]", async () => {
  const broken = await openTestServer({
    findProject: async () => {
      throw new Error("the secret inner text");
    },
  });
  const answer = await broken.get("/v1/pk_a/acme.com/a.png.mp4", { "X-Request-Id": "mine-0001" });
  expect([answer.status, answer.body.toString()]).toEqual([500, '{"error":"internal error"}']);
  const failed = broken.log.lines.find(({ message }) => message === "request_failed");
  expect(failed?.fields).toMatchObject({ request_id: "mine-0001" });
  expect(String(failed?.fields["error"])).toContain("the secret inner text");
  expect((await broken.get("/healthz")).status).toBe(200);
});

test("a refusal that was foreseen is told without a stack, however high its status", async () => {
  const away = await openTestServer({
    findProject: () => Promise.reject(new AppError("unavailable", "the database is away")),
  });
  expect((await away.get("/v1/pk_a/acme.com/a.png.mp4")).status).toBe(503);
  expect(away.log.lines.filter(({ level }) => level === "error")).toEqual([]);
  const refused = away.log.lines.find(({ message }) => message === "request_refused");
  expect(refused).toMatchObject({
    level: "warn",
    fields: { code: "unavailable", reason: "the database is away" },
  });
});

test("each request outside the hot path has one line in the log", async () => {
  const before = server.log.lines.length;
  await server.get("/healthz?token=abcdef", { "X-Request-Id": "mine-0002" });
  const lines = server.log.lines.slice(before);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: "info",
    message: "request",
    fields: {
      request_id: "mine-0002",
      method: "GET",
      path: "/healthz",
      status: 200,
      address: "127.0.0.1",
    },
  });
});
