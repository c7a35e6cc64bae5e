import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import type { Demo } from "../../../src/http/page/demo.ts";
import { parseUploadKey } from "../../../src/http/proxy/upload-url.ts";
import { until } from "../../support/until.ts";
import { exchangeRaw, parseAnswer } from "../raw-request.ts";
import { openTestServer, type TestServer } from "../test-server.ts";

const html = { body: new Blob(["<h1>page</h1>"]), headers: { "Content-Type": "text/html" } };
const page = { loadFiles: async () => new Map([["/", html]]), setupPage: html };
let isOn = true;
const demo: Demo = {
  proxyKey: "pk_demo",
  userId: "usr_owner",
  samples: [{ title: "Rocket", key: "uploads/usr_owner/sample-1-rocket.jpg" }],
  isOn: async () => isOn,
};
const server = await openTestServer({ demo, page });
const json = (body: Buffer) => JSON.parse(body.toString()) as Record<string, unknown>;

const visit = async (headers: Record<string, string> = {}) =>
  (await server.get("/", headers)).headers["set-cookie"];
const cookie = (await visit())?.split(";")[0] ?? "";

const photograph = await sharp(
  join(import.meta.dir, "..", "..", "..", "assets", "samples", "rocket.jpg"),
)
  .resize(300, 400)
  .withExif({ IFD3: { GPSLatitude: "51/1 30/1 0/1", GPSLatitudeRef: "N" } })
  .jpeg()
  .toBuffer();

const tiny = await sharp(photograph).resize(100, 100).toBuffer();

/** A form with one part, as a browser sends it. */
function form(bytes: Uint8Array, name = "file", fileName = "photo.jpg") {
  const boundary = "----boundary";
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\n` +
        `Content-Disposition: form-data; name="${name}"; filename="${fileName}"\r\n` +
        "Content-Type: image/jpeg\r\n\r\n",
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = {
    Cookie: cookie,
    "Content-Type": `multipart/form-data; boundary=${boundary}`,
    "Content-Length": String(body.length),
  };
  return { body, headers };
}

function upload(
  { body, headers }: ReturnType<typeof form>,
  changes: Record<string, string> = {},
  to: TestServer = server,
) {
  const all = { ...headers, ...changes };
  return to.send({ method: "POST", path: "/api/v1/upload", headers: all, body });
}

describe("the page", () => {
  test("gives the visitor at this machine the demo's cookie", async () => {
    expect(await visit()).toMatch(
      /^motioness_demo=[0-9a-f]{64}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Strict$/,
    );
    expect(await visit({ Host: `localhost:${server.port}` })).toBeDefined();
    expect(await visit({ Origin: `http://127.0.0.1:${server.port}` })).toBeDefined();
  });

  test.each([
    ["a name that was made to point here", { Host: "evil.com" }],
    ["that name with our port", { Host: "evil.com:8477" }],
    ["another port", { Host: "127.0.0.1:1" }],
    ["another origin", { Origin: "https://evil.com" }],
    ["an opaque origin", { Origin: "null" }],
    ["a proxy", { "X-Forwarded-For": "203.0.113.7" }],
    ["a proxy that says so otherwise", { Via: "1.1 proxy" }],
  ])("gives none to %s", async (_name, headers) => {
    expect(await visit(headers)).toBeUndefined();
    expect((await server.get("/api/demo", headers)).status).toBe(404);
  });
});

describe("/api/demo", () => {
  test("tells the key and the samples, with their addresses", async () => {
    const answer = await server.get("/api/demo");
    expect(answer.status).toBe(200);
    const host = `127.0.0.1:${server.port}`;
    const plain = `${host}/uploads/usr_owner/sample-1-rocket.jpg`;
    expect(json(answer.body)).toEqual({
      project_key: "pk_demo",
      samples: [
        {
          title: "Rocket",
          src: `http://${plain}`,
          mp4_url: `http://${host}/v1/pk_demo/${plain}.mp4`,
          poster_url: `http://${host}/v1/pk_demo/${plain}.jpg`,
        },
      ],
    });
  });

  test("is gone once the demo is off, and so is its cookie's power", async () => {
    isOn = false;
    expect((await server.get("/api/demo")).status).toBe(404);
    expect(await visit()).toBeUndefined();
    expect((await upload(form(photograph))).status).toBe(401);
    isOn = true;
  });

  test("is not there without a demo", async () => {
    const other = await openTestServer();
    expect((await other.get("/api/demo")).status).toBe(404);
    expect((await upload(form(photograph), {}, other)).status).toBe(401);
  });

  test("is not there behind a public address", async () => {
    const other = await openTestServer({ demo, config: { baseUrl: "https://clips.example.com" } });
    expect((await other.get("/api/demo")).status).toBe(404);
  });
});

describe("an upload", () => {
  test("is stored under a name of ours and can be proxied", async () => {
    const answer = await upload(form(photograph, "file", "../../etc/passwd\0.svg"));
    expect(answer.status).toBe(200);
    const { url, key } = json(answer.body) as { url: string; key: string };
    expect(parseUploadKey(key)).toBe(key);
    expect(url).toBe(`http://127.0.0.1:${server.port}/${key}`);
    const source = url.replace("http://", "");
    const clip = await server.get(server.url(`${source}.mp4`));
    expect(clip.status).toBe(202);
  });

  test("loses what it says of where it was taken, and keeps its picture [I06, I12]", async () => {
    const hidden = Buffer.concat([photograph, Buffer.from("<script>alert(1)</script>")]);
    expect((await sharp(hidden).metadata()).exif).toBeDefined();
    const { key } = json((await upload(form(hidden))).body) as { key: string };
    const file = await server.get(`/${key}`);
    const metadata = await sharp(file.body).metadata();
    expect([metadata.width, metadata.height, metadata.exif]).toEqual([300, 400, undefined]);
    expect(file.body.includes("<script>")).toBe(false);
    expect(file.headers["content-type"]).toBe("image/jpeg");
  });

  test.each(["png", "webp"] as const)("may be a %s, whatever it calls itself", async (format) => {
    const bytes = await sharp(photograph).toFormat(format).toBuffer();
    const { key } = json((await upload(form(bytes))).body) as { key: string };
    expect(key).toEndWith(`.${format}`);
    expect((await server.get(`/${key}`)).headers["content-type"]).toBe(`image/${format}`);
  });

  test.each([
    [
      "an SVG",
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      "unsupported type: image/svg+xml",
    ],
    ["a page", Buffer.from("<!doctype html><html>"), "unsupported type: text/html"],
    ["nothing", Buffer.alloc(0), "unsupported type: the file is empty"],
    ["a small picture", tiny, "the picture has 100 by 100"],
    ["half a picture", photograph.subarray(0, photograph.length / 2), "cut off or damaged"],
  ])("that is %s is refused with 415", async (_name, bytes, error) => {
    const answer = await upload(form(bytes));
    expect(answer.status).toBe(415);
    expect(json(answer.body)["error"]).toContain(error);
  });

  test("over 10 MB is refused unread when it says its length [H05]", async () => {
    const { headers } = form(photograph);
    const lines = { Host: `127.0.0.1:${server.port}`, ...headers, "Content-Length": "20000000" };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    // Nothing but the headers is ever sent.
    const bytes = `POST /api/v1/upload HTTP/1.1\r\nConnection: close\r\n${head.join("")}\r\n`;
    const answer = parseAnswer(await exchangeRaw(server.port, bytes));
    expect([answer.status, json(answer.body)]).toEqual([
      413,
      { error: "file exceeds 10 MB limit" },
    ]);
  });

  test("over 10 MB is refused when it does not say so [H05]", async () => {
    const { headers } = form(photograph);
    const { "Content-Length": _, ...rest } = headers;
    const chunk = Buffer.alloc(1024 * 1024);
    const chunked = Array.from({ length: 12 }, () =>
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]),
    );
    const body = Buffer.concat([...chunked, Buffer.from("0\r\n\r\n")]);
    const sent = { ...rest, "Transfer-Encoding": "chunked" };
    const answer = await server.send({
      method: "POST",
      path: "/api/v1/upload",
      headers: sent,
      body,
    });
    expect([answer.status, json(answer.body)]).toEqual([
      413,
      { error: "file exceeds 10 MB limit" },
    ]);
  });

  test.each([
    ["no form", { "Content-Type": "application/json" }, 415],
    ["a form without its boundary", { "Content-Type": "multipart/form-data" }, 415],
    ["a form with another boundary", { "Content-Type": "multipart/form-data; boundary=x" }, 400],
    ["no cookie", { Cookie: "" }, 401],
    ["a wrong cookie", { Cookie: `motioness_demo=${"0".repeat(64)}` }, 401],
    ["a cookie of another length", { Cookie: "motioness_demo=é" }, 401],
    ["another site", { Origin: "https://evil.com" }, 401],
    ["another name for us", { Host: "evil.com" }, 401],
  ])("with %s is refused", async (_name, changes, status) => {
    const answer = await upload(form(photograph), changes);
    expect(answer.status).toBe(status);
    expect(answer.headers["x-request-id"]).toMatch(/^req_/);
  });

  test("needs exactly one file", async () => {
    const answer = await upload(form(photograph, "picture"));
    expect([answer.status, json(answer.body)]).toEqual([
      400,
      {
        error: "Validation failed",
        details: {
          fieldErrors: { picture: ["Unexpected property"], file: ["Expected exactly one file"] },
          formErrors: [],
        },
      },
    ]);
  });

  test("has another address each time", async () => {
    const keys = await Promise.all([upload(form(photograph)), upload(form(photograph))]);
    expect(new Set(keys.map(({ body }) => json(body)["key"])).size).toBe(2);
  });

  test("finds no room while eight of the same user are read", async () => {
    const { headers, body } = form(photograph);
    const all = { Host: `127.0.0.1:${server.port}`, Connection: "close", ...headers };
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const begun = Array.from({ length: 8 }, () => connectWith(server.port, head.join(""), body));
    await Promise.all(begun.map(({ isSent }) => isSent));
    await until(async () => {
      const answer = await upload(form(photograph));
      return answer.status === 503 && answer.headers["retry-after"] === "5";
    });
    const answers = await Promise.all(begun.map(({ finish }) => finish()));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });
});

/** An upload that stops before its last byte until it is told to finish. */
function connectWith(port: number, headers: string, body: Uint8Array) {
  const chunks: Buffer[] = [];
  const sent = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const socket = Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open(opened) {
        opened.write(`POST /api/v1/upload HTTP/1.1\r\n${headers}\r\n`);
        opened.write(body.subarray(0, body.length - 1));
        opened.flush();
        sent.resolve();
      },
      data: (_socket, chunk) => void chunks.push(Buffer.from(chunk)),
      close: () => closed.resolve(),
    },
  });
  return {
    isSent: sent.promise,
    async finish() {
      (await socket).write(body.subarray(body.length - 1));
      await closed.promise;
      return parseAnswer(Buffer.concat(chunks));
    },
  };
}
