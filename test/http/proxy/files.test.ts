import { describe, expect, test } from "bun:test";
import { regenerateAsset } from "../../../src/assets/regenerate.ts";
import { clipEtag, finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer();
const { headers } = await server.get(server.url("acme.com/a.png.mp4"));
const assetId = headers["x-motioness-asset-id"] ?? "";

describe("/r2/assets/{id}.mp4", () => {
  const path = `/r2/assets/${assetId}.mp4`;

  test("is not there while the clip is made", async () => {
    expect((await server.get(path)).status).toBe(404);
  });

  test("is the current clip, as its proxy URL serves it", async () => {
    await finishClip(server, assetId);
    const answer = await server.get(path);
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(5000);
    expect(answer.headers).toMatchObject({
      "content-type": "video/mp4",
      etag: clipEtag,
      "x-motioness-asset-id": assetId,
      "access-control-allow-origin": "*",
    });
    expect(answer.headers["x-request-id"]).toMatch(/^req_/);
    const part = await server.get(path, { Range: "bytes=-5" });
    expect([part.status, part.body.length]).toEqual([206, 5]);
    const head = await server.send({ method: "HEAD", path });
    expect([head.status, head.headers["content-length"]]).toEqual([200, "5000"]);
    expect((await server.get(path, { "If-None-Match": clipEtag })).status).toBe(304);
    expect((await server.send({ method: "DELETE", path })).status).toBe(405);
  });

  test.each([
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f",
    "%00",
    "..%5c",
    "%2fetc%2fpasswd",
    "%E2%80%A4%E2%80%A4",
    "a".repeat(300),
    "",
    assetId,
    `${assetId.toUpperCase()}.mp4`,
    `${assetId}.mp4%0a`,
    "%E0%A4%A.mp4",
  ])("knows no %j [H20]", async (file) => {
    const answer = await server.get(`/r2/assets/${file}`);
    expect([answer.status, answer.body.toString()]).toEqual([404, '{"error":"not found"}']);
  });
});

describe("/uploads/{user}/{file}", async () => {
  const key = `uploads/${server.ownerId}/1-abc.png`;
  const bytes = new Uint8Array(3000).fill(9);
  const stored = await server.storage.put(key, bytes, { contentType: "image/png" });
  await server.insertUpload({
    key,
    user_id: server.ownerId,
    file: "1-abc.png",
    content_type: "image/png",
    bytes: stored.sizeBytes,
    sha256: stored.sha256,
    width: 300,
    height: 300,
  });

  test("is the picture, for ever, and nothing but a picture", async () => {
    const answer = await server.get(`/${key}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(Buffer.from(bytes));
    expect(answer.headers).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      etag: `"${stored.sha256.slice(0, 32)}"`,
    });
    const part = await server.get(`/${key}`, { Range: "bytes=0-9" });
    expect([part.status, part.body.length]).toEqual([206, 10]);
  });

  test.each([
    "usr_owner/1-abd.png",
    "usr_2/1-abc.png",
    "usr_owner/..%2f1-abc.png",
    "usr_owner/1-abc.svg",
    "usr_owner/",
  ])("knows no %j", async (file) => {
    expect((await server.get(`/uploads/${file}`)).status).toBe(404);
  });
});

test("media that storage has lost is unavailable, and everything else works on [T05]", async () => {
  const { headers: other } = await server.get(server.url("acme.com/lost.png.mp4"));
  const lostId = other["x-motioness-asset-id"] ?? "";
  await finishClip(server, lostId);
  const view = await server.findAssetView(lostId);
  const path = server.url("acme.com/lost.png.mp4");
  await server.storage.remove(view?.current?.media_key ?? "");
  const answer = await server.get(path);
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
  expect(JSON.parse(answer.body.toString())).toEqual({
    error: "the stored media is missing; try again later",
    asset_id: lostId,
    hint: `POST /api/v1/regenerate/${lostId}`,
  });
  expect((await server.send({ method: "HEAD", path })).status).toBe(503);
});

test("a lost clip is served again when storage has it again, or another was made [T05]", async () => {
  const path = server.url("acme.com/healed.png.mp4");
  const { headers: other } = await server.get(path);
  const healedId = other["x-motioness-asset-id"] ?? "";
  await finishClip(server, healedId);
  const key = (await server.findAssetView(healedId))?.current?.media_key ?? "";
  await server.storage.remove(key);
  expect((await server.get(path)).status).toBe(503);
  await server.storage.put(key, new Uint8Array(5000), { contentType: "video/mp4" });
  expect((await server.get(path)).status).toBe(200);
  await server.storage.remove(key);
  const deps = { ...server, createId: () => Bun.randomUUIDv7() };
  await regenerateAsset(deps, healedId, {}, { requestId: "req_heal" });
  await finishClip(server, healedId, { hash: "f".repeat(64) });
  const head = await server.send({ method: "HEAD", path });
  expect([head.status, head.headers["etag"]]).toEqual([200, `"${"f".repeat(32)}"`]);
});

test("a lost poster is unavailable, as a lost clip is [T05]", async () => {
  const { headers: other } = await server.get(server.url("acme.com/posterless.png.mp4"));
  const id = other["x-motioness-asset-id"] ?? "";
  await finishClip(server, id, { poster: new Uint8Array(10) });
  const path = `/r2/assets/${id}.jpg`;
  expect((await server.get(path)).status).toBe(200);
  const key = (await server.findAssetView(id))?.current?.poster_key ?? "";
  await server.storage.remove(key);
  const answer = await server.get(path);
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ asset_id: id });
  await server.storage.put(key, new Uint8Array(10), { contentType: "image/jpeg" });
  expect((await server.get(path)).status).toBe(200);
});

test.each(["/r2/assets/0000000000000000.mp4", "/uploads/usr_owner/none.png"])(
  "a page of any site may ask for %s, and read the refusal",
  async (path) => {
    const preflight = await server.send({ method: "OPTIONS", path });
    expect([preflight.status, preflight.body.length]).toEqual([204, 0]);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
      "access-control-allow-headers": expect.stringContaining("If-None-Match"),
    });
    const refused = await server.get(path);
    expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([404, "*"]);
    const wrong = await server.send({ method: "DELETE", path });
    expect([wrong.status, wrong.headers["allow"]]).toEqual([405, "GET, HEAD, OPTIONS"]);
  },
);

test("a clip is also had by its number, and its poster beside it", async () => {
  const { headers: other } = await server.get(server.url("acme.com/versions.png.mp4"));
  const id = other["x-motioness-asset-id"] ?? "";
  await finishClip(server, id, { poster: new Uint8Array(700) });
  const deps = { ...server, createId: () => Bun.randomUUIDv7() };
  await regenerateAsset(deps, id, {}, { requestId: "req_again" });
  await finishClip(server, id, { hash: "e".repeat(64), bytes: new Uint8Array(6000) });
  const sizeOf = async (path: string) => {
    const { status, body, headers: seen } = await server.get(path);
    return [status, body.length, seen["cache-control"]?.includes("immutable")];
  };
  const direct = `/r2/assets/${id}.mp4`;
  const proxied = server.url("acme.com/versions.png.mp4");
  for (const path of [direct, proxied]) {
    expect(await sizeOf(path)).toEqual([200, 6000, false]);
    expect(await sizeOf(`${path}?v=1`)).toEqual([200, 5000, true]);
    expect(await sizeOf(`${path}?v=2`)).toEqual([200, 6000, true]);
    expect(await sizeOf(`${path}?v=9`)).toEqual([200, 6000, false]);
  }
  expect((await server.get(`/r2/assets/${id}.jpg`)).status).toBe(404);
});

test("media that vanishes behind a remembered URL is unavailable, too", async () => {
  const path = server.url("acme.com/vanished.png.mp4");
  const { headers: other } = await server.get(path);
  const vanishedId = other["x-motioness-asset-id"] ?? "";
  await finishClip(server, vanishedId, { bytes: new Uint8Array(1_000_000) });
  expect((await server.get(path)).status).toBe(200);
  const view = await server.findAssetView(vanishedId);
  await server.storage.remove(view?.current?.media_key ?? "");
  const answer = await server.get(path);
  expect(answer.status).toBe(503);
  expect(answer.headers["x-request-id"]).toMatch(/^req_/);
});
