import { describe, expect, test } from "bun:test";
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { readJsonBody } from "../../../src/http/request/json-body.ts";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { exchangeRaw, parseAnswer } from "../raw-request.ts";
import { openTestServer } from "../test-server.ts";

const server = await openTestServer();
const headers = await keyHeaders(server.store, await addUser(server.store));
const unreadable = "the body cannot be read";

async function send(body: string | Uint8Array, contentType = "application/json") {
  const bytes = Buffer.from(body as string);
  const answer = await server.send({
    method: "POST",
    path: "/api/projects",
    headers: { ...headers, "Content-Type": contentType, "Content-Length": `${bytes.length}` },
    body: bytes,
  });
  return { status: answer.status, error: JSON.parse(answer.body.toString()) as Json };
}

interface Json {
  readonly error?: string;
  readonly details?: { readonly fieldErrors: Readonly<Record<string, readonly string[]>> };
}

describe("a body is refused", () => {
  const rows: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["cut off", '{"name":"a"', unreadable],
    ["10,000 arrays deep", "[".repeat(10_000), "is nested deeper than 64 levels"],
    ["deep and closed", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, "is nested deeper"],
    ["with a name twice", '{"name":"a","name":"b"}', 'the body has the field "name" twice'],
    ["twice in two spellings", '{"name":"a","n\\u0061me":"b"}', 'has the field "name" twice'],
    ["twice far down", '{"name":{"a":[{"b":1,"b":2}]}}', 'the body has the field "b" twice'],
    ["with __proto__", '{"name":"a","__proto__":{"admin":true}}', "Validation failed"],
    ["with 1e400", '{"name":1e400}', "Validation failed"],
    ["with a byte order mark", '\ufeff{"name":"a"}', unreadable],
    ["in UTF-16", Buffer.from('{"name":"a"}', "utf16le"), unreadable],
    ["in no UTF-8", Buffer.from('{"name":"\xff"}', "latin1"), unreadable],
    ["with an escaped NUL", '{"name":"a\\u0000"}', "has a text with a NUL"],
    ["with half a character", '{"name":"\\ud800"}', "or with half a character"],
    ["with a control character", '{"name":"a\u0000"}', unreadable],
    ["of two values", '{"name":"a"}{"name":"b"}', unreadable],
    ["of null", "null", "Validation failed"],
    ["of a list", '[{"name":"a"}]', "Validation failed"],
  ];
  test.each(rows)("%s [H06]", async (_name, body, message) => {
    const { status, error } = await send(body);
    expect([status, error.error]).toEqual([400, expect.stringContaining(message)]);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  test.each([
    "text/plain",
    "application/jsonp",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    "application/json; charset=utf-16",
    "application/json;charset=iso-8859-1",
  ])("of the type %j", async (contentType) => {
    const { status, error } = await send('{"name":"a"}', contentType);
    expect([status, error.error]).toEqual([415, expect.stringMatching(/^unsupported type: send/)]);
  });
});

test.each([
  "application/json",
  "APPLICATION/JSON",
  "application/json;charset=UTF-8",
  'application/json ; charset="utf-8"; x=y',
])("the type %j is JSON", async (contentType) => {
  expect((await send('{"name":"a"}', contentType)).status).toBe(201);
});

test("nothing at all is an object without fields", async () => {
  expect(await readJsonBody(new Request("http://a/", { method: "POST" }))).toEqual({});
});

test("an endless body is refused as soon as it is too long, with a request id [H05]", async () => {
  const head = [
    "POST /api/user/signin HTTP/1.1",
    ...["Host: a", "Content-Type: application/json", "X-Request-Id: endless-1"],
    ...["Transfer-Encoding: chunked", "Connection: close", "", ""],
  ].join("\r\n");
  const { answer, sentBytes } = await sendEndlessly(head);
  expect([answer.status, answer.headers["x-request-id"]]).toEqual([413, "endless-1"]);
  expect(JSON.parse(answer.body.toString())).toEqual({ error: "the body is larger than 1 MiB" });
  // What the two ends of the connection hold between them comes on top.
  expect(sentBytes).toBeLessThan(12 * 1024 * 1024);
});

test("a body that says it is too long is refused before it is sent [H05]", async () => {
  for (const bytes of ["2000000", "99999999", "9007199254740991"]) {
    const head = [
      "POST /api/user/signin HTTP/1.1",
      ...["Host: a", "Content-Type: application/json", `Content-Length: ${bytes}`],
      ...["Connection: close", "X-Request-Id: large-1", "", ""],
    ].join("\r\n");
    const answer = parseAnswer(await exchangeRaw(server.port, head));
    expect([answer.status, answer.headers["x-request-id"]]).toEqual([413, "large-1"]);
    expect(JSON.parse(answer.body.toString())).toEqual({ error: "the body is larger than 1 MiB" });
  }
});

test("a body that nobody asks for is not waited for, however much follows", async () => {
  for (const [method, path, status] of [
    ["POST", "/api/user/me", 405],
    ["PUT", "/api/nothing", 404],
    ["POST", server.url("acme.com/a.png.mp4"), 405],
    ["GET", "/api/user/session", 200],
  ]) {
    const head = [
      `${method} ${path} HTTP/1.1`,
      ...["Host: a", "Transfer-Encoding: chunked", "", ""],
    ].join("\r\n");
    const { answer, sentBytes } = await sendEndlessly(head);
    expect(answer.status).toBe(Number(status));
    expect(sentBytes).toBeLessThan(12 * 1024 * 1024);
  }
});

/** Writes chunk after chunk, and would never end, until there is an answer and the connection ends. */
async function sendEndlessly(head: string) {
  const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
  const socket = connect(server.port, "127.0.0.1");
  const parts: Buffer[] = [];
  let sentBytes = 0;
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (part: Buffer) => {
      parts.push(part);
      resolve();
    });
    socket.on("close", () => resolve());
  });
  socket.on("error", () => socket.destroy());
  socket.write(head);
  while (parts.length === 0 && !socket.destroyed && sentBytes < 64 * 1024 * 1024) {
    sentBytes += chunk.length;
    const isTaken = socket.write(chunk);
    // The connection may be closed on us once there is an answer.
    const drained = isTaken ? nextTurn() : once(socket, "drain").catch(() => {});
    await Promise.race([answered, drained]);
  }
  await answered;
  socket.destroy();
  return { answer: parseAnswer(Buffer.concat(parts)), sentBytes };
}
