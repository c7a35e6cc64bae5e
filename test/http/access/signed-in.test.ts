import { describe, expect, test } from "bun:test";
import { addUser, keyHeaders, sessionHeaders } from "../../support/sign-in.ts";
import { createAsk } from "../ask.ts";
import { openTestServer } from "../test-server.ts";

const server = await openTestServer({ config: { rateLimits: { other: 20 } } });
const ask = createAsk(server);
const json = { "Content-Type": "application/json" };

async function post(path: string, headers: Record<string, string>, body: string) {
  const length = { "Content-Length": String(Buffer.byteLength(body)) };
  const sent = { method: "POST", path, headers: { ...json, ...length, ...headers }, body };
  const answer = await server.send(sent);
  const text = answer.body.toString();
  return { ...answer, json: JSON.parse(text) as Record<string, unknown> };
}

describe("who is not let in", () => {
  test.each([
    ["no JSON", "{", {}],
    ["another type", "a=b", { "Content-Type": "text/plain" }],
    ["an unknown field", '{"foo":1}', {}],
    ["nothing", "", {}],
  ])("is told so, whatever the body is: %s", async (_name, body, headers) => {
    const refused = await post("/api/projects", headers, body);
    expect([refused.status, refused.json]).toEqual([401, { error: "Authentication required" }]);
    expect(refused.headers["www-authenticate"]).toBe('Bearer realm="motioness"');
  });

  test("is told so before a large body is read", async () => {
    const sent = { method: "POST", path: "/api/projects", body: "{" };
    const headers = { ...json, "Content-Length": "60000000", Connection: "close" };
    expect((await server.send({ ...sent, headers })).status).toBe(401);
  });

  test("learns with a key that may only read that it may not write", async () => {
    const key = await keyHeaders(server.store, await addUser(server.store), ["read"]);
    expect((await post("/api/projects", key, "{")).status).toBe(403);
  });
});

test("who signs in or up need not be known", async () => {
  for (const path of ["signin", "signup", "setup"]) {
    expect((await post(`/api/user/${path}`, {}, "{")).status).toBe(400);
  }
});

test("a request is counted once, with a body or without", async () => {
  const headers = await sessionHeaders(server, await addUser(server.store));
  const statuses: number[] = [];
  for (let tries = 0; tries < 22; tries += 1) {
    const isPost = tries % 2 === 0;
    const answer = isPost
      ? await post("/api/projects", headers, '{"name":"a"}')
      : await ask("GET", "/api/user/me", headers);
    statuses.push(answer.status);
  }
  expect(statuses.indexOf(429)).toBe(20);
});

test("a writing request that gives a parameter twice is refused", async () => {
  const headers = await sessionHeaders(server, await addUser(server.store));
  const path = "/api/projects/proj_x/keys/rotate?which=proxy&which=signing";
  const refused = await post(path, headers, "");
  expect([refused.status, refused.json["details"]]).toEqual([
    400,
    { fieldErrors: { which: ["Given twice"] }, formErrors: [] },
  ]);
});

test("what the API says is kept by nobody on the way", async () => {
  const headers = await sessionHeaders(server, await addUser(server.store));
  for (const path of ["/api/projects", "/api/keys", "/api/user/me", "/api/user/session"]) {
    expect((await server.get(path, headers)).headers["cache-control"]).toBe("no-store");
  }
  const made = await post("/api/keys", headers, '{"name":"a"}');
  expect([made.status, made.headers["cache-control"]]).toEqual([201, "no-store"]);
});
