import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { assetOf, openSite, type Site, startTimeoutMs } from "./site.ts";
import { subscribe } from "./stream.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, startTimeoutMs);
afterAll(() => site.stop());

const configure = async (id: string, config: object) => {
  const { status, json } = await site.owner.put(`/api/projects/${id}/proxy-config`, config);
  expect(status).toBe(200);
  return json;
};

const signed = once(async () => {
  const project = await site.openProject();
  const { signing_secret: secret } = await configure(project.id, { enable_signing: true });
  return { ...project, secret: String(secret) };
});

const src = () => site.origin.urlOf("slow.png");
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

interface Tuple {
  readonly key: string;
  readonly secret: string;
  readonly exp?: number;
  readonly message?: string;
  readonly path?: string;
}

/** Signs by the page's recipe, written from it alone. */
const ask = ({ key, secret, exp = inSeconds(60), ...wrong }: Tuple) => {
  const message = wrong.message ?? `${key}:${src()}:${exp}`;
  const signature = new Bun.CryptoHasher("sha256", secret).update(message).digest("hex");
  const path = wrong.path ?? Buffer.from(src()).toString("base64url");
  return site.nobody.get(`/v1/${key}/${path}.mp4?sig=${signature}&exp=${exp}`);
};

describe("403", () => {
  check("E07", async () => {
    const project = await signed();
    const { status, json } = await ask({ ...project, secret: "another secret" });
    expect(status).toBe(403);
    expect(json["error"]).toMatch(/^invalid signature/);
    expect((await site.nobody.get(project.proxy("slow.png"))).status).toBe(403);
  });
  check("E55", async () => {
    const { id, key } = await site.openProject();
    const path = `/v1/${key}/cdn.example.com/a.png.mp4`;
    expect((await site.nobody.get(path)).status).toBe(403);
    await configure(id, { allowed_origins: ["https://cdn.example.com"] });
    expect((await site.nobody.get(path)).status).toBe(202);
  });
  check("E56", async () => {
    expect((await ask(await signed())).status).toBe(202);
  });
  check("E57", async () => {
    const { id, key } = await site.openProject();
    await configure(id, { allowed_origins: ["https://acme.com"] });
    const statusOf = async (host: string) =>
      (await site.nobody.get(`/v1/${key}/${host}/a.png.mp4`)).status;
    expect(await Promise.all(["acme.com", "www.acme.com", "a.b.acme.com"].map(statusOf))).toEqual([
      202, 202, 202,
    ]);
    expect(await Promise.all(["notacme.com", "acme.com.evil.com"].map(statusOf))).toEqual([
      403, 403,
    ]);
  });
  check("E58", async () => {
    const project = await signed();
    const exp = inSeconds(60);
    const wrong = [
      `${project.key}:${src()}`,
      `${src()}:${project.key}:${exp}`,
      `${project.key}:${src().replace("http://", "")}:${exp}`,
    ];
    for (const message of wrong) {
      expect((await ask({ ...project, exp, message })).status).toBe(403);
    }
    const message = `${project.key}:${src()}:${exp}`;
    expect((await ask({ ...project, exp, message })).status).toBe(202);
  });
  check("E59", async () => {
    const project = await signed();
    expect((await ask({ ...project, exp: inSeconds(60) })).status).toBe(202);
    const { status, json } = await ask({ ...project, exp: inSeconds(-1) });
    expect([status, json]).toEqual([403, { error: "signature expired" }]);
  });
  check("E60", async () => {
    const project = await signed();
    const plain = Buffer.from("http://127.0.0.1/~~~.png?>>").toString("base64");
    expect(plain).toMatch(/\+/);
    for (const [path, text] of [
      [plain.replaceAll("=", ""), /\+|base64url/],
      [`${Buffer.from(src()).toString("base64url")}==`, /padded/],
    ] as const) {
      const { status, json } = await ask({ ...project, path });
      expect(status).toBe(403);
      expect(json["error"]).toMatch(/^invalid signature: /);
      expect(json["error"]).toMatch(text);
    }
  });
  check("E61", async () => {
    const project = await site.openProject();
    const { signing_secret: old } = await configure(project.id, { enable_signing: true });
    const before = { ...project, secret: String(old) };
    expect((await ask(before)).status).toBe(202);
    const rotated = await site.owner.post(`/api/projects/${project.id}/keys/rotate?which=signing`);
    expect(rotated.status).toBe(200);
    expect((await ask(before)).status).toBe(403);
    const secret = String(rotated.json["signing_secret"]);
    expect((await ask({ ...project, secret })).status).toBe(202);
  });
});

describe("X-Request-Id", () => {
  const paths = [
    "/healthz",
    "/nothing-here",
    "/api/user/session",
    "/api/assets/0000000000000000",
    "/v1/pk_nobody/example.com/a.png.mp4",
    "/api/openapi.json",
  ];

  check("E70", async () => {
    for (const path of paths) {
      const { headers } = await site.nobody.get(path);
      expect([path, headers.get("x-request-id")]).toEqual([path, expect.stringMatching(/\S/)]);
    }
  });
  check("E71", async () => {
    const project = await site.openProject();
    const headers = { "X-Request-Id": "req_my_correlation_id" };
    const id = assetOf(await site.nobody.get(project.proxy("missing.png"), headers));
    await (await subscribe(site.nobody, `/v1/${project.key}/events/${id}`)).ended();
    const { events } = (await site.owner.get(`/api/assets/${id}/history`)).json;
    const ids = (events as readonly { readonly request_id: string }[]).map(
      ({ request_id }) => request_id,
    );
    expect(ids).toEqual(Array(3).fill("req_my_correlation_id"));
  });
  check("E72", async () => {
    for (const id of ["abcd", "req_my_correlation_id", "a-b_c-9", "x".repeat(64)]) {
      for (const path of paths) {
        const { headers } = await site.nobody.get(path, { "X-Request-Id": id });
        expect(headers.get("x-request-id")).toBe(id);
      }
    }
  });
  check("E73", async () => {
    for (const id of ["abc", "x".repeat(65), "a b c d", "semi;colon", "dots.are.no"]) {
      const { headers } = await site.nobody.get("/healthz", { "X-Request-Id": id });
      expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{8}$/);
    }
  });
});
