import { expect, test } from "bun:test";
import { contentSecurityPolicy, loadPageFiles } from "../../public/page-files.ts";

const scriptBytesMax = 30_000;

const files = await loadPageFiles();
const html = (await files.get("/")?.body.text()) ?? "";

test("the page names only files that are there, relative to itself", () => {
  const names = [...html.matchAll(/<(?:link|script)[^>]+(?:href|src)="([^"]+)"/g)].map((m) => m[1]);
  expect(names).toHaveLength(3);
  for (const name of names) {
    expect(name).toStartWith("./");
    expect(files.has(`/${name?.slice(2)}`)).toBe(true);
  }
});

test("the page has no script or style of its own and runs under a strict policy", () => {
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/);
  expect(files.get("/")?.headers["Content-Security-Policy"]).toBe(contentSecurityPolicy);
  expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
});

test("nothing in the page names another host", async () => {
  for (const [path, { body }] of files) {
    const text = (await body.text()).replaceAll("http://www.w3.org/2000/svg", "");
    const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => match[1]);
    const known = ["localhost", "cdn.example.com"];
    expect({ path, hosts: hosts.filter((host) => !known.includes(host ?? "")) }).toEqual({
      path,
      hosts: [],
    });
  }
});

test("hashed files may be kept for ever, the page itself is asked for anew", () => {
  for (const [path, { headers }] of files) {
    const expected = path === "/" ? "no-cache" : "public, max-age=31536000, immutable";
    expect(headers["Cache-Control"]).toBe(expected);
  }
});

test(`the script stays below ${scriptBytesMax} bytes`, () => {
  const script = [...files].find(([path]) => path.endsWith(".js"));
  expect(script?.[1].body.size).toBeLessThan(scriptBytesMax);
});
