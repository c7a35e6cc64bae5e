import { expect, test } from "bun:test";
import { parseRobots } from "../../../src/brand/site/robots.ts";

test.each<[string, string, boolean]>([
  ["", "/", true],
  ["User-agent: *\nDisallow:", "/a", true],
  ["User-agent: *\nDisallow: /", "/a", false],
  ["User-agent: *\nDisallow: /a", "/ab", false],
  ["User-agent: *\nDisallow: /a", "/b", true],
  ["User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true],
  ["User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b", false],
  ["User-agent: *\nDisallow: /a\nAllow: /a", "/a", true],
  ["User-agent: *\nDisallow: /*.php$", "/x/y.php", false],
  ["User-agent: *\nDisallow: /*.php$", "/x/y.php?z", true],
  ["User-agent: *\nDisallow: /*/private", "/x/y/private/z", false],
  ["User-agent: *\nDisallow: /a$", "/a", false],
  ["User-agent: *\nDisallow: /a$", "/ab", true],
  ["User-agent: other\nDisallow: /", "/", true],
  ["User-agent: other\nUser-agent: Motioness\nDisallow: /", "/", false],
  ["User-agent: *\nDisallow: /\n\nUser-agent: motioness\nAllow: /", "/", true],
  ["USER-AGENT : * # all\r\nDISALLOW : /a # this", "/a", false],
  ["Disallow: /", "/", true],
  ["<html>no rules</html>", "/", true],
])("%j lets %j be read: %p", (text, path, expected) => {
  expect(parseRobots(text, "Motioness")(path)).toBe(expected);
});

test("a pattern of stars costs nothing", () => {
  const mayRead = parseRobots(`User-agent: *\nDisallow: /${"*a".repeat(250)}b`, "Motioness");
  const startedMs = performance.now();
  expect(mayRead(`/${"a".repeat(4000)}`)).toBe(true);
  expect(performance.now() - startedMs).toBeLessThan(100);
});
