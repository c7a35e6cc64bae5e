import { describe, expect, test } from "bun:test";
import {
  findRepeated,
  refuseNul,
  routable,
  targetOf,
  withoutBody,
} from "../../../src/http/request/target.ts";
import { openTestServer } from "../test-server.ts";

test.each([
  ["http://a.com/x?y=1", "", "/x?y=1"],
  ["http://a/x", "", "/x"],
  ["http://a.com//evil/x", "", "//evil/x"],
  ["/x?y=http://b/c", "", "/x?y=http://b/c"],
  ["http://a.com/motion/v1/x", "/motion", "/v1/x"],
  ["http://a.com/motion/", "/motion", "/"],
  ["http://a.com/motions/x", "/motion", "/motions/x"],
  ["http://a.com/v1/x", "/motion", "/v1/x"],
])("%s under %j is %s", (url, basePath, target) => {
  expect(targetOf(url, basePath)).toBe(target);
});

test.each(["/api/projects/a%00", "/api/%00?x=1"])("%s is nobody's path", (target) => {
  expect(() => refuseNul(target)).toThrow(expect.objectContaining({ code: "not_found" }));
});

test.each(["/api/x?cursor=%00", "/api/%2500"])("%s may be somebody's", (target) => {
  refuseNul(target);
});

test.each([
  ["/x", undefined],
  ["/x?a=1&b=1", undefined],
  ["/x?a=1&b=2&a=1", "a"],
  ["/x?which=proxy&wh%69ch=signing", "which"],
])("of %s what is given twice is %j", (target, name) => {
  expect(findRepeated(target)).toBe(name);
});

describe("what the framework is given", () => {
  test("is the request itself when it can route it", () => {
    const request = new Request("http://a.com/x?y=1");
    expect(routable(request, "/x?y=1")).toBe(request);
  });

  test.each([
    ["a short host", "http://a/x", "/x"],
    ["a base path", "http://a.com/motion/x", "/x"],
  ])("is another form of one with %s", async (_name, url, target) => {
    const request = new Request(url, { method: "POST", body: "text", headers: { "X-A": "1" } });
    const routed = routable(request, target);
    expect(routed).toMatchObject({ url: `http://localhost${target}`, method: "POST" });
    expect([routed.headers.get("x-a"), await routed.text()]).toEqual(["1", "text"]);
  });

  test("is GET for HEAD, whose answer loses its body and keeps its length", async () => {
    expect(routable(new Request("http://a.com/x", { method: "HEAD" }), "/x").method).toBe("GET");
    const answer = await withoutBody(
      new Response("köse", { status: 201, headers: { "X-A": "1" } }),
    );
    expect([answer.status, answer.headers.get("content-length")]).toEqual([201, "5"]);
    expect([answer.headers.get("x-a"), answer.body]).toEqual(["1", null]);
  });
});

test("a public URL with a path works whether a proxy strips the path or not", async () => {
  const server = await openTestServer({ config: { baseUrl: "https://clips.example.com/motion" } });
  for (const prefix of ["", "/motion"]) {
    expect((await server.get(`${prefix}/healthz`)).status).toBe(200);
    expect((await server.get(`${prefix}${server.url("acme.com/a.png.mp4")}`)).status).toBe(202);
    const own = "clips.example.com/motion/uploads/usr_a/1-a.png.mp4";
    expect((await server.get(`${prefix}${server.url(own)}`)).status).toBe(202);
  }
  expect(server.http.baseUrl).toBe("https://clips.example.com/motion");
});
