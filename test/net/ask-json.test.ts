import { afterAll, expect, test } from "bun:test";
import { createAskJson } from "../../src/net/ask-json.ts";

const answers: Readonly<Record<string, () => Response>> = {
  "/json": () => Response.json({ ok: true }),
  "/text": () => new Response("hello"),
  "/fault": () => new Response("the reason", { status: 500 }),
  "/away": () => Response.redirect("http://127.0.0.1:1/"),
  "/long": () => new Response("x".repeat(300 * 1024)),
};
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) =>
    answers[new URL(request.url).pathname]?.() ?? new Response("", { status: 404 }),
});
afterAll(() => server.stop(true));
const ask = createAskJson({ now: Date.now });
const get = (path: string) =>
  ask({ url: `${server.url.origin}${path}`, method: "GET", headers: {} });

test("the JSON of a good answer is given back, from a private address too", async () => {
  expect(await get("/json")).toEqual({ ok: true });
});

test.each([
  ["/text", "no JSON"],
  ["/fault", "answered with 500"],
  ["/away", "answered with 302"],
  ["/long", "more than 256 KiB"],
  ["/nothing", "answered with 404"],
])("%s is unavailable", async (path, reason) => {
  await expect(get(path)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(reason),
  });
});
