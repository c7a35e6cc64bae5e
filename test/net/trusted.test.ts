import { afterAll, expect, test } from "bun:test";
import { createTrustedClient } from "../../src/net/trusted.ts";
import { errorOf } from "../support/app-error.ts";

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/echo") return new Response(`${request.method} ${await request.text()}`);
    if (pathname === "/moved") return Response.redirect("/echo", 302);
    if (pathname === "/large") return new Response("x".repeat(10_000_000));
    return new Promise<Response>(() => {});
  },
});
afterAll(() => server.stop(true));

const base = `http://127.0.0.1:${server.port}`;
const { signal } = new AbortController();
const send = createTrustedClient(2000);
const ask = (path: string, method = "GET", body?: string) =>
  send({ url: `${base}${path}`, method, headers: {}, signal, ...(body ? { body } : {}) });

test("a server on a private address is asked with any method", async () => {
  expect(await ask("/echo", "PURGE")).toEqual({ status: 200, text: "PURGE " });
  expect(await ask("/echo", "POST", "body")).toEqual({ status: 200, text: "POST body" });
});

test("a redirect is the answer, so that no token goes elsewhere", async () => {
  expect((await ask("/moved")).status).toBe(302);
});

test("of a large answer only the beginning is read", async () => {
  expect((await ask("/large")).text).toHaveLength(64 * 1024);
});

test("a server that says nothing, and one that is not there, are unavailable", async () => {
  const request = { method: "GET", headers: {}, signal };
  const silent = errorOf(createTrustedClient(50)({ ...request, url: `${base}/silent` }));
  expect(await silent).toMatchObject({ code: "unavailable", retry: true });
  const absent = errorOf(send({ ...request, url: "http://127.0.0.1:1/" }));
  expect(await absent).toMatchObject({ code: "unavailable", retry: true });
});

test("who gives up hears its own reason", async () => {
  const controller = new AbortController();
  const sent = send({
    url: `${base}/silent`,
    method: "GET",
    headers: {},
    signal: controller.signal,
  });
  controller.abort(new Error("no longer wanted"));
  await expect(sent).rejects.toThrow("no longer wanted");
});
