import { describe, expect, test } from "bun:test";
import { boundaryOf, readFormParts } from "../../../src/http/request/form-parts.ts";
import { errorOf } from "../../support/app-error.ts";

const typeOf = (form: FormData) => new Response(form).headers.get("content-type") ?? "";

/** The pieces of a form that comes in chunks of so many bytes, the content of a part in one. */
async function read(body: string | Uint8Array, boundary = "b", chunkBytes = 1000) {
  const bytes = Buffer.from(body as string);
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield new Uint8Array(bytes.subarray(at, at + chunkBytes));
    }
  })();
  const parts: { name: string; isFile: boolean; content: string }[] = [];
  for await (const piece of readFormParts(chunks, boundary)) {
    const last = parts.at(-1);
    if (piece.kind === "part") parts.push({ name: piece.name, isFile: piece.isFile, content: "" });
    else if (last) last.content += Buffer.from(piece.bytes).toString("latin1");
  }
  return parts;
}

const part = (disposition: string, content: string) =>
  `--b\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n`;

describe("a form is read", () => {
  test.each([1, 2, 7, 64, 100_000])("in chunks of %d bytes", async (chunkBytes) => {
    const content = "a\r\n--\r\n--a\r\n\r\n--\r\r\n-\n";
    const form = `${part('form-data; name="a"; filename="x"', content)}${part("form-data; name=b", "")}--b--`;
    expect(await read(form, "b", chunkBytes)).toEqual([
      { name: "a", isFile: true, content },
      { name: "b", isFile: false, content: "" },
    ]);
  });

  test("as the platform writes it", async () => {
    const form = new FormData();
    form.append("note", "grüße");
    form.append("file", new Blob([new Uint8Array([0, 13, 10, 45, 45, 255])]), 'a"b.png');
    const sent = new Response(form);
    const boundary = boundaryOf(sent.headers.get("content-type") ?? "") ?? "";
    expect(await read(await sent.bytes(), boundary, 5)).toEqual([
      { name: "note", isFile: false, content: Buffer.from("grüße").toString("latin1") },
      { name: "file", isFile: true, content: "\x00\r\n--\xff" },
    ]);
  });

  test("with what stands before it and after it", async () => {
    const form = `for old readers\r\n${part("form-data; name=a", "1")}--b--\r\nthe end\r\n--b\r\n`;
    expect(await read(form)).toEqual([{ name: "a", isFile: false, content: "1" }]);
  });

  test("with white space after a boundary", async () => {
    const form = part("form-data; name=a", "1").replace("--b\r\n", "--b \t\r\n");
    expect(await read(`${form}--b--`)).toHaveLength(1);
  });

  test("of no parts", async () => {
    expect(await read("--b--\r\n")).toEqual([]);
  });
});

describe("a part is called", () => {
  test.each([
    ['form-data; name="file"; filename="a.png"', "file", true],
    ['FORM-DATA; filename="a.png"; NAME=file', "file", true],
    ["form-data; name=file; filename*=UTF-8''a.png", "file", true],
    ['form-data; name="file"; filename=""', "file", true],
    ['form-data; name="fi le"', "fi le", false],
    ['form-data; filename="; name=x"; name="file"', "file", true],
    ['form-data; filename="a\\"; name=\\"x.png"; name="file"', "file", true],
    ['form-data; name=""', "", false],
  ])("by %s", async (disposition, name, isFile) => {
    const [first] = await read(`${part(disposition, "")}--b--`);
    expect(first).toMatchObject({ name, isFile });
  });

  test.each([
    'form-data; filename="a.png"',
    'form-data; name="file"; name="other"',
    'attachment; name="file"',
    "form-data",
  ])("by nothing in %s, and so refused", async (disposition) => {
    const error = await errorOf(read(`${part(disposition, "")}--b--`));
    expect(error).toMatchObject({ code: "invalid_request" });
  });
});

test.each([
  ["of nothing", ""],
  ["without its boundary", "hello"],
  ["that is cut off in a boundary", "--"],
  ["that is cut off in a head", "--b\r\nContent-Disposition: form-data; name=a"],
  ["that is cut off in a part", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n123"],
  ["whose last boundary is none", part("form-data; name=a", "1")],
  ["with more than a boundary in its line", "--b!\r\n"],
  ["with an endless boundary", `--b${" ".repeat(500)}`],
  ["with an endless head", `--b\r\nX-A: ${"a".repeat(9000)}`],
  ["with a long head", `--b\r\nX-A: ${"a".repeat(9000)}\r\n\r\n`],
])("a form %s is refused", async (_name, body) => {
  for (const chunkBytes of [1, 1000, 100_000]) {
    const error = await errorOf(read(body, "b", chunkBytes));
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(error.message).toStartWith("the body is no multipart/form-data: ");
  }
});

test.each([
  [typeOf(new FormData()), /^-/],
  ['multipart/form-data; boundary="a b"', /^a b$/],
  ["Multipart/Form-Data ; charset=utf-8; Boundary=abc; x=y", /^abc$/],
])("the boundary of %j", (contentType, boundary) => {
  expect(boundaryOf(contentType)).toMatch(boundary);
});

test.each([
  "",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  `multipart/form-data; boundary=${"a".repeat(71)}`,
  "multipart/mixed; boundary=a",
  "application/json; boundary=a",
])("%j has no boundary", (contentType) => {
  expect(boundaryOf(contentType)).toBeUndefined();
});
