import { describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { keyHeaders } from "../../support/sign-in.ts";
import { smallPicture } from "../../support/small-picture.ts";
import { openTestServer } from "../test-server.ts";

const server = await openTestServer({ config: { rateLimits: { other: 1e6 } } });
const headers = await keyHeaders(server.store, server.ownerId);
const picture = await smallPicture();
const page = new TextEncoder().encode("<!doctype html><script>alert(1)</script>");

/** One part of a form, with its headers as they are written here. */
async function upload(disposition: string, bytes: Uint8Array, type?: string) {
  const head = [`Content-Disposition: ${disposition}`, ...(type ? [`Content-Type: ${type}`] : [])];
  const body = Buffer.concat([
    Buffer.from(`--b\r\n${head.join("\r\n")}\r\n\r\n`),
    bytes,
    Buffer.from("\r\n--b--\r\n"),
  ]);
  const answer = await fetch(`${server.http.url}/api/v1/upload`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "multipart/form-data; boundary=b" },
    body,
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, string> };
}

describe("a file's name goes into no path [I18]", () => {
  test.each([
    ["../../../etc/passwd.png"],
    ["..\\..\\boot.png"],
    ["a\u0000.png"],
    [`${"x".repeat(300)}.png`],
    ["-rf.png"],
    ["\u202egnp.exe"],
    ["CON"],
    ["a.png."],
    [""],
    ["/etc/passwd"],
    ['%22%0d%0aX-Injected: 1"; name="other'],
  ])("%j", async (name) => {
    const { status, json } = await upload(`form-data; name="file"; filename="${name}"`, picture);
    const key = /^uploads\/usr_owner\/\d{13}-suffix\d{6}\.png$/;
    if (status === 200) expect(json["key"]).toMatch(key);
    // What is no part of a form is no file, and nothing is kept of it.
    else expect([status, json["error"]]).toEqual([400, expect.any(String)]);
  });

  test("and storage holds what we named, and nothing else", async () => {
    const folder = join(dirname(server.scratchRoot), "media");
    const files = await readdir(folder, { recursive: true });
    const pictures = files.filter((file) => /[^/]\.\w+$/.test(file));
    expect(pictures.length).toBeGreaterThan(0);
    for (const file of pictures)
      expect(file).toMatch(/^uploads\/usr_owner\/\d{13}-suffix\d{6}\.png$/);
  });
});

describe("the content decides, whatever the type says [S21]", () => {
  test.each([
    ["HTML that is said to be a picture", page, "image/png", 415],
    ["HTML that is said to be nothing", page, undefined, 415],
    ["a picture without a type", picture, undefined, 200],
    ["a picture as octets", picture, "application/octet-stream", 200],
    ["a PNG that is said to be a JPEG", picture, "image/jpeg", 200],
    ["a PNG that is said to be a page", picture, "text/html", 200],
  ] as const)("%s", async (_name, bytes, type, expected) => {
    const { status, json } = await upload('form-data; name="file"; filename="a"', bytes, type);
    expect([status, json["error"]]).toEqual([
      expected,
      expected === 415 ? "unsupported type: text/html" : undefined,
    ]);
    if (expected !== 200) return;
    const stored = await server.get(new URL(json["url"] ?? "").pathname);
    expect(stored.headers["content-type"]).toBe("image/png");
    expect(stored.headers["x-content-type-options"]).toBe("nosniff");
  });
});
