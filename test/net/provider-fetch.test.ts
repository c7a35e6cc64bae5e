import { afterAll, expect, test } from "bun:test";
import { createProviderFetch } from "../../src/net/provider-fetch.ts";
import { errorOf } from "../support/app-error.ts";

const text = "x".repeat(900);
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/away") return Response.redirect("/", 302);
    if (pathname === "/none") return new Response(null, { status: 204 });
    if (pathname === "/long") return new Response(text + text);
    const headers = { "content-encoding": "gzip", "x-own": "kept" };
    return new Response(Bun.gzipSync(Buffer.from(text)), { headers });
  },
});
afterAll(() => server.stop(true));
const providerFetch = createProviderFetch(1000);
const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

test("an answer comes whole, unpacked, with its status and headers", async () => {
  const response = await providerFetch(at("/"));
  expect(response.status).toBe(200);
  expect(response.headers.get("x-own")).toBe("kept");
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(await response.text()).toBe(text);
  expect((await providerFetch(at("/none"))).status).toBe(204);
});

test("a longer one is refused", async () => {
  const error = await errorOf(providerFetch(at("/long")));
  expect(error).toMatchObject({
    code: "unavailable",
    message: "the provider answered with more than 1000 bytes",
  });
});

test("a redirect is refused", async () => {
  expect(providerFetch(at("/away"), { headers: { authorization: "key" } })).rejects.toThrow();
});
