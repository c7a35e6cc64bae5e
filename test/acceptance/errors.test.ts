import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { subscribe } from "./stream.ts";

const upgradeUrl = "https://example.com/pricing";
let site: Site;
let project: Project;
beforeAll(async () => {
  site = await openSite({ MOTIONESS_UPGRADE_URL: upgradeUrl, MOTIONESS_SIGNUPS: "open" });
  project = await site.openProject();
  // Its retries take five seconds, in which the steps before it are taken.
  void broken();
}, startTimeoutMs);
afterAll(() => site.stop());

const ask = (picture: string, query = "?dur=2&mode=animate-in", headers = {}) =>
  site.nobody.get(project.proxy(picture, query), headers);

/** Asks for the clip of a picture that is at fault, and waits for what comes of it. */
const fail = async (picture: string) => {
  const asked = await ask(picture, undefined, { "X-Request-Id": `req_${picture.slice(0, 5)}` });
  expect(asked.status).toBe(202);
  const id = assetOf(asked);
  const heard = await (await subscribe(site.nobody, `/v1/${project.key}/events/${id}`)).ended();
  const last = heard.at(-1);
  expect(last?.event).toBe("failed");
  return { id, heard, code: String(last?.data["error_code"]), data: last?.data ?? {} };
};
const missing = once(() => fail("missing.png"));
const broken = once(() => fail("broken.png"));
const large = once(() => fail("large.png"));
/** One request, answered with the clip although its source was busy at first. */
const waited = once(() => ask("flaky.png", "?dur=2&mode=animate-in&wait_ms=8000"));
const again = once(() => ask("missing.png"));
const slow = once(() => ask("slow.png"));

const upload = (bytes: Uint8Array<ArrayBuffer> | string, type: string) => {
  const body = new FormData();
  body.append("file", new Blob([bytes], { type }), "picture");
  return site.owner.send("POST", "/api/v1/upload", { body });
};

describe("HTTP status codes", () => {
  check("E01", async () => {
    const { data } = await missing();
    expect(data["error_code"]).toMatch(/^[a-z0-9_]+$/);
    expect(data["request_id"]).toBe("req_missi");
    const { generations } = (await site.owner.get(`/api/assets/${(await missing()).id}`)).json;
    expect(generations).toMatchObject([{ error_code: data["error_code"] as string }]);
  });
  check("E02", async () => {
    const { status, json } = await slow();
    expect(status).toBe(202);
    expect(Object.keys(json).toSorted()).toEqual(["asset_id", "eta_seconds", "status"]);
    expect(json["status"]).toBe("pending");
    expect(json["asset_id"]).toBe(assetOf(await slow()));
    expect(json["eta_seconds"]).toBeGreaterThan(0);
  });
  check("E03", async () => {
    for (const query of ["?dur=1", "?dur=nine", "?motion=wild", "?mode=x", "?wait_ms=10001"]) {
      const { status, json } = await ask("still.png", query);
      expect([query, status, typeof json["error"]]).toEqual([query, 400, "string"]);
    }
  });
  check("E04", async () => {
    for (const body of [{}, { project_id: project.id, src: "no url" }, { dur_seconds: "4" }]) {
      const { status, json } = await site.owner.post("/api/v1/prepare", body);
      expect([status, typeof json["error"]]).toEqual([400, "string"]);
    }
  });
  check("E05", async () => {
    const { status, json } = await site.nobody.get("/v1/pk_nobody/example.com/a.png.mp4");
    expect([status, json]).toEqual([403, { error: "unknown project key" }]);
  });
  check("E06", async () => {
    const { status, json } = await site.nobody.get(`/v1/${project.key}/example.com/a.png.mp4`);
    expect([status, json]).toEqual([403, { error: "origin not in allowlist" }]);
  });
  check("E08", async () => {
    const id = "0".repeat(16);
    for (const { status, json } of [
      await site.owner.get(`/api/assets/${id}`),
      await site.owner.post(`/api/assets/${id}/cancel`),
    ]) {
      expect([status, json]).toEqual([404, { error: "not found" }]);
    }
  });
  check("E09", async () => {
    const stranger = await site.signUp("stranger@example.com");
    const id = assetOf(await slow());
    const { status, json } = await stranger.get(`/api/assets/${id}`);
    expect([status, json]).toEqual([404, { error: "not found" }]);
  });
  check("E10", async () => {
    const { status, json } = await upload(site.origin.tooLarge, "image/png");
    expect([status, json]).toEqual([413, { error: "file exceeds 10 MB limit" }]);
  });
  check("E11", async () => {
    const { status, json } = await upload(site.origin.svg, "image/svg+xml");
    expect(status).toBe(415);
    expect(json["error"]).toMatch(/^unsupported type: .*svg/);
  });
  check("E12", async () => {
    expect((await large()).code).toBe("source_too_large");
    const poster = (name: string) =>
      site.nobody.get(`/v1/${project.key}/${site.origin.hostOf(name)}/${name}.jpg`);
    const tooLarge = await poster("large.png");
    expect([tooLarge.status, tooLarge.json]).toEqual([413, { error: "file exceeds 10 MB limit" }]);
    const svg = await poster("vector.svg");
    expect(svg.status).toBe(415);
    expect(svg.json["error"]).toMatch(/^unsupported type: /);
  });
  check("E15", async () => {
    const { id } = await missing();
    const { status, json, headers } = await again();
    const hint = `POST /api/v1/regenerate/${id}`;
    expect([status, json]).toEqual([502, { error: "last generation failed", asset_id: id, hint }]);
    expect(headers.get("x-motioness-asset-id")).toBe(id);
  });
  check("E16", async () => {
    const { code, data } = await large();
    expect(code).toBe("source_too_large");
    expect(String(data["error_msg"])).toMatch(/\w+ \w+/);
    expect(data["error_msg"]).not.toBe(code);
  });
});

describe("error codes", () => {
  check("E22", async () => {
    expect((await missing()).code).toBe("source_unfetchable");
  });
  check("E23", async () => {
    expect((await broken()).code).toBe("source_unfetchable");
  });
  check("E24", async () => {
    expect((await large()).code).toBe("source_too_large");
    const { status, json } = await upload(site.origin.picture, "image/png");
    expect(status).toBe(200);
    expect(Object.keys(json).toSorted()).toEqual(["key", "url"]);
    const taken = await site.owner.post("/api/v1/prepare", {
      project_id: project.id,
      src: json["url"],
      dur_seconds: 2,
      mode: "animate-in",
    });
    expect(taken.status).toBe(200);
    const id = String(taken.json["asset_id"]);
    const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
    await stream.hears("vision_completed");
    await site.owner.post(`/api/assets/${id}/cancel`);
    await stream.ended();
  });
  check("E25", async () => {
    const codes = await Promise.all(
      ["vector.svg", "movie.mp4", "unknown.bin"].map(async (name) => (await fail(name)).code),
    );
    expect(codes).toEqual(["source_unsupported", "source_unsupported", "source_unsupported"]);
  });
  check("E32", async () => {
    const { id } = await fail("missing-then-there.png");
    site.origin.fix("/missing-then-there.png");
    const { status, json } = await site.owner.post(`/api/assets/${id}/regenerate`);
    expect([status, json]).toEqual([200, { asset_id: id, status: "pending" }]);
    const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
    expect((await stream.ended()).at(-1)?.event).toBe("ready");
    expect((await ask("missing-then-there.png")).status).toBe(200);
  });
});

describe("built-in retries", () => {
  check("E40", async () => {
    expect((await waited()).status).toBe(200);
    expect(site.origin.timesAsked("/flaky.png")).toBe(2);
  });
  check("E42", async () => {
    const { heard } = await missing();
    expect(heard.map(({ event }) => event)).toEqual(["queued", "vision_failed", "failed"]);
    expect(site.origin.timesAsked("/missing.png")).toBe(1);
  });
  check("E43", async () => {
    const { heard } = await broken();
    const retries = heard.filter(({ event }) => event === "retry_scheduled");
    expect(retries.map(({ data }) => [data["attempt"], data["delay_ms"]])).toEqual([
      [1, 1000],
      [2, 4000],
    ]);
    expect(retries.map(({ data }) => data["error_code"])).toEqual([
      "source_unfetchable",
      "source_unfetchable",
    ]);
    expect(site.origin.timesAsked("/broken.png")).toBe(3);
  });
});

describe("what to do on each status", () => {
  check("E50", async () => {
    expect((await slow()).headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  });
  check("E51", async () => {
    const { headers, json } = await slow();
    const etaMs = Number(headers.get("x-motioness-eta-ms"));
    expect(etaMs).toBeGreaterThan(0);
    expect(Math.ceil(etaMs / 1000)).toBe(Number(json["eta_seconds"]));
    expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(etaMs / 1000);
  });
  check("E52", async () => {
    const answers = [await ask("slow.png"), await ask("slow.png")];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers.map(assetOf)).toEqual([assetOf(await slow()), assetOf(await slow())]);
  });
  check("E53", async () => {
    const id = assetOf(await slow());
    const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
    expect((await stream.hears("queued")).data["asset_id"]).toBe(id);
    await stream.leave();
  });
  check("E54", async () => {
    const { status, headers } = await waited();
    expect([status, headers.get("content-type")]).toEqual([200, "video/mp4"]);
    const begin = Date.now();
    expect((await ask("slow.png", "?wait_ms=300")).status).toBe(202);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(295);
  });
  check("E67", async () => {
    const { id } = await missing();
    const answers = [await ask("missing.png"), await ask("missing.png")];
    expect(answers.map(({ status }) => status)).toEqual([502, 502]);
    expect(site.origin.timesAsked("/missing.png")).toBe(1);
    const { generations } = (await site.owner.get(`/api/assets/${id}`)).json;
    expect(generations).toHaveLength(1);
  });
  check("E68", async () => {
    const id = assetOf(await again());
    const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
    expect((await stream.hears("failed")).data["error_code"]).toBe("source_unfetchable");
  });
  check("E69", async () => {
    const { id } = await fail("missing-options.png");
    const body = { motion: "kinetic", prompt_override: "slow pan", seed: 9 };
    expect((await site.owner.post(`/api/assets/${id}/regenerate`, body)).status).toBe(200);
    const { generations } = (await site.owner.get(`/api/assets/${id}`)).json;
    expect((generations as readonly unknown[])[0]).toMatchObject(body);
    const hinted = await fail("missing-hint.png");
    expect((await site.owner.post(`/api/v1/regenerate/${hinted.id}`)).status).toBe(200);
  });
});
