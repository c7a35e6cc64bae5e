import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import { posterWidths } from "../../../src/http/proxy/proxy-options.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const photograph = await Bun.file(
  join(import.meta.dir, "..", "..", "..", "assets", "samples", "rocket.jpg"),
).bytes();
const png = await sharp(photograph).resize(400, 300).png().toBuffer();
const red = await sharp({ create: { width: 320, height: 240, channels: 3, background: "#f00" } })
  .jpeg()
  .toBuffer();

const clock = createManualClock();
const server = await openTestServer({
  clock,
  sourceBytes: {
    "https://acme.com/photo.jpg": photograph,
    "https://acme.com/small.png": png,
    "https://acme.com/vector.svg": Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "https://acme.com/large.png": new Uint8Array(10 * 1024 * 1024 + 1),
    "https://acme.com/tiny.png": await sharp(png).resize(100, 100).png().toBuffer(),
  },
});
const poster = (source: string, query = "", headers = {}) =>
  server.get(server.url(`acme.com/${source}.jpg`, query), headers);
const sizeOf = async (jpeg: Buffer) => {
  const { width, height, isProgressive, format, exif } = await sharp(jpeg).metadata();
  return { width, height, isProgressive, format, exif };
};

describe("a poster before there is a clip", () => {
  test("is the source, at once and for nothing", async () => {
    const answer = await poster("small.png");
    expect(answer.status).toBe(200);
    expect(await sizeOf(answer.body)).toEqual({
      width: 400,
      height: 300,
      isProgressive: true,
      format: "jpeg",
      exif: undefined,
    });
    const assetId = answer.headers["x-motioness-asset-id"];
    expect(answer.headers).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "public, max-age=300, s-maxage=31536000, stale-while-revalidate=86400",
      "cache-tag": assetId,
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
    });
    const assets = await server.store.read.selectFrom("assets").select("id").execute();
    expect(assets).toEqual([]);
  });

  test.each([
    ["?aspect=1:1", 1],
    ["?aspect=16:9", 16 / 9],
    ["?aspect=9:16", 9 / 16],
  ])("is framed as its clip: %s", async (query, ratio) => {
    const { width, height } = await sizeOf((await poster("photo.jpg", query)).body);
    expect(width / height).toBeCloseTo(ratio, 1);
  });

  test("comes in the listed widths and is never enlarged", async () => {
    const widths = await Promise.all(
      posterWidths.map(
        async (w) => (await sizeOf((await poster("small.png", `?w=${w}`)).body)).width,
      ),
    );
    expect(widths).toEqual(posterWidths.map((w) => Math.min(w, 400)));
  });

  test("is fetched and made once, however many ask at once [U16]", async () => {
    server.fetched.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => poster("photo.jpg", "?w=384&seed=1")),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(server.fetched).toEqual(["https://acme.com/photo.jpg"]);
  });

  test("looks at its source again after a while", async () => {
    await poster("small.png");
    server.fetched.length = 0;
    await poster("small.png");
    expect(server.fetched).toEqual([]);
    clock.advance(5 * 60_000 + 1);
    expect((await poster("small.png")).status).toBe(200);
    expect(server.fetched).toEqual(["https://acme.com/small.png"]);
  });

  test("answers conditionally, in parts and to HEAD", async () => {
    const { headers, body } = await poster("small.png");
    const etag = headers["etag"] ?? "";
    expect((await poster("small.png", "", { "If-None-Match": etag })).status).toBe(304);
    const part = await poster("small.png", "", { Range: "bytes=0-9" });
    expect([part.status, part.body.length]).toEqual([206, 10]);
    const path = server.url("acme.com/small.png.jpg");
    const head = await server.send({ method: "HEAD", path });
    expect(head.headers["content-length"]).toBe(String(body.length));
  });

  test.each([
    ["vector.svg", 415, "unsupported type: image/svg+xml"],
    ["large.png", 413, "file exceeds 10 MB limit"],
    ["tiny.png", 415, "the picture has 100 by 100 pixels; each side must have 256 to 4096"],
    ["missing.png", 502, "the source cannot be fetched"],
  ])("of %s is refused with %d", async (source, status, error) => {
    const answer = await poster(source);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body.toString())).toEqual({ error });
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
  });

  test("leaves nothing in the scratch folder", async () => {
    await poster("vector.svg");
    const left = await Array.fromAsync(new Bun.Glob("**/*").scan({ cwd: server.scratchRoot }));
    expect(left).toEqual([]);
  });
});

describe("a poster of a clip", () => {
  test("replaces that of the source, with another tag", async () => {
    const path = (format: string) => server.url(`acme.com/small.png.${format}`, "?seed=2");
    const before = await server.get(path("jpg"));
    const assetId = (await server.get(path("mp4"))).headers["x-motioness-asset-id"] ?? "";
    expect((await server.get(path("jpg"))).headers["x-motioness-stage"]).toBe("queued");
    await finishClip(server, assetId, { poster: red });
    const after = await server.get(path("jpg"));
    expect(after.body).toEqual(red);
    expect(after.headers["etag"]).not.toBe(before.headers["etag"]);
    expect(after.headers["x-motioness-stage"]).toBe("ready");
    expect(after.headers["x-motioness-asset-id"]).toBe(before.headers["x-motioness-asset-id"]);
    const narrow = await server.get(`${path("jpg")}&w=64`);
    expect(await sizeOf(narrow.body)).toMatchObject({ width: 64, height: 48 });
  });

  test("comes from memory in the steady state", async () => {
    await poster("small.png", "?seed=3");
    const before = server.http.hotCounts();
    for (let turn = 0; turn < 3; turn++) await poster("small.png", "?seed=3");
    expect(server.http.hotCounts().hits - before.hits).toBe(3);
  });
});

describe("?pending=poster", () => {
  const path = server.url("acme.com/small.png.mp4", "?seed=4&pending=poster");

  test.each([
    ["an image element", { Accept: "image/avif,image/webp,*/*;q=0.8" }],
    ["a browser that names it", { "Sec-Fetch-Dest": "image", Accept: "*/*" }],
  ])("shows %s a stand-in, which nobody keeps", async (_name, headers) => {
    const answer = await server.get(path, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "no-store",
      "x-motioness-stage": "queued",
    });
    expect(answer.headers["etag"]).toBeUndefined();
    expect(await sizeOf(answer.body)).toMatchObject({ format: "jpeg" });
  });

  test.each([
    ["a script", { Accept: "*/*", "Sec-Fetch-Dest": "empty" }],
    ["a video element", { "Sec-Fetch-Dest": "video", Accept: "image/webp,*/*" }],
    ["curl", {}],
  ])("tells %s to wait", async (_name, headers) => {
    expect((await server.get(path, headers)).status).toBe(202);
  });

  test("shows the clip when it is ready", async () => {
    const { headers } = await server.get(path);
    await finishClip(server, headers["x-motioness-asset-id"] ?? "");
    const answer = await server.get(path, { Accept: "image/webp" });
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "video/mp4"]);
  });
});
