import { describe, expect, test } from "bun:test";
import { findOrigin, originsMax, parseOrigin, parseOrigins } from "../../src/projects/origins.ts";

describe("parseOrigin", () => {
  test.each([
    ["https://acme.com", "https://acme.com"],
    ["https://acme.com/", "https://acme.com"],
    ["HTTPS://Acme.COM", "https://acme.com"],
    ["https://acme.com:443", "https://acme.com"],
    ["https://acme.com:8443", "https://acme.com:8443"],
    ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
    ["http://[::1]:9000", "http://[::1]:9000"],
  ])("reads %s as %s", (entry, origin) => {
    expect(parseOrigin(entry)).toBe(origin);
  });

  test.each([
    "",
    "acme.com",
    "ftp://acme.com",
    "javascript:alert(1)",
    "https://",
    "https://acme.com/images",
    "https://acme.com?x=1",
    "https://acme.com#x",
    "https://user:secret@acme.com",
    "https://*.acme.com",
    "https://0x7f.1",
    "https://ａｃｍｅ.com",
    "https://acme.com\\@evil.com",
    " https://acme.com",
    "null",
  ])("refuses %j", (entry) => {
    expect(() => parseOrigin(entry)).toThrow(/^the origin/);
  });

  test("a list loses its repeats and is limited", () => {
    expect(parseOrigins(["https://a.com", "https://A.com/"])).toEqual(["https://a.com"]);
    const many = Array.from({ length: originsMax + 1 }, (_, n) => `https://a${n}.com`);
    expect(() => parseOrigins(many)).toThrow("51 origins are given, at most 50 are allowed");
    expect(parseOrigins(many.slice(1))).toHaveLength(originsMax);
  });
});

describe("findOrigin", () => {
  const rows: [string[], string, string, string | undefined][] = [
    [["https://acme.com"], "acme.com", "", "https://acme.com"],
    [["https://acme.com"], "www.acme.com", "", "https://acme.com"],
    [["https://acme.com"], "a.b.acme.com", "443", "https://acme.com"],
    [["https://acme.com"], "evilacme.com", "", undefined],
    [["https://acme.com"], "acme.com.evil.com", "", undefined],
    [["https://acme.com"], "acme.com.", "", undefined],
    [["https://www.acme.com"], "acme.com", "", undefined],
    [["https://acme.com"], "acme.com", "8443", undefined],
    [["https://acme.com:8443"], "cdn.acme.com", "8443", "https://acme.com:8443"],
    [["https://acme.com:8443"], "cdn.acme.com", "", undefined],
    [["http://acme.com"], "acme.com", "", "http://acme.com"],
    [["http://acme.com"], "acme.com", "80", "http://acme.com"],
    [["http://acme.com", "https://acme.com"], "acme.com", "", "https://acme.com"],
    [["http://acme.com", "https://acme.com"], "acme.com", "80", "http://acme.com"],
    [["https://acme.com", "http://dev.acme.com"], "x.dev.acme.com", "", "http://dev.acme.com"],
    [["http://127.0.0.1:9000"], "127.0.0.1", "9000", "http://127.0.0.1:9000"],
    [["http://0.0.0.1"], "127.0.0.0.1", "", undefined],
    [["http://[::1]:9000"], "[::1]", "9000", "http://[::1]:9000"],
    [[], "acme.com", "", undefined],
  ];
  test.each(rows)("%j covers %s port %j by %s", (origins, hostname, port, expected) => {
    expect(findOrigin(origins, { hostname, port })?.origin).toBe(expected);
  });
});
