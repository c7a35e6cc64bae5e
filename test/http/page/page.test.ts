import { expect, test } from "bun:test";
import { openTestServer } from "../test-server.ts";

const setupPage = { body: new Blob(["set up"]), headers: { "Content-Type": "text/html" } };
const files = new Map([
  ["/", { body: new Blob(["page"]), headers: { "Content-Type": "text/html", ETag: '"p"' } }],
  ["/page/main-abc.js", { body: new Blob(["code"]), headers: { "Content-Type": "text/plain" } }],
]);

/** Counts how often the files are loaded; the first time fails when asked to. */
function countedLoad({ failing = 0 } = {}) {
  const loads = { count: 0 };
  const loadFiles = async () => {
    if (++loads.count <= failing) throw new Error("no room");
    return files;
  };
  return { loads, page: { loadFiles, setupPage } };
}

test("the page is loaded for its first visitor, and once for all of them", async () => {
  const { loads, page } = countedLoad();
  const server = await openTestServer({ page });
  expect((await server.get("/setup")).body.toString()).toBe("set up");
  expect((await server.get("/healthz")).status).toBe(200);
  expect(loads.count).toBe(0);
  const paths = ["/", "/", "/page/main-abc.js"];
  const answers = await Promise.all(paths.map((path) => server.get(path)));
  expect(answers.map(({ body }) => body.toString())).toEqual(["page", "page", "code"]);
  expect(loads.count).toBe(1);
});

test("the page is not sent again to who has it, and has no body for HEAD", async () => {
  const server = await openTestServer({ page: countedLoad().page });
  expect((await server.get("/", { "If-None-Match": '"p"' })).status).toBe(304);
  const head = await server.send({ method: "HEAD", path: "/" });
  expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "4", 0]);
});

test("a page that could not be loaded is loaded again", async () => {
  const { loads, page } = countedLoad({ failing: 1 });
  const server = await openTestServer({ page });
  expect((await server.get("/")).status).toBe(500);
  expect((await server.get("/")).status).toBe(200);
  expect(loads.count).toBe(2);
});

test.each([
  ["GET", "/page/main-abd.js", 404],
  ["GET", "/page/", 404],
  ["GET", "/main-abc.js", 404],
  ["POST", "/", 405],
  ["OPTIONS", "/page/main-abc.js", 204],
])("%s %s is answered with %i", async (method, path, status) => {
  const server = await openTestServer({ page: countedLoad().page });
  expect((await server.send({ method, path })).status).toBe(status);
});
