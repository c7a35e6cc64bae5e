import { describe, expect, test } from "bun:test";
import { isPublicAddress } from "../../src/net/address.ts";
import { parseTarget, type TargetRules } from "../../src/net/target.ts";

const rules: TargetRules = {
  subject: "the source",
  failedCode: "source_unfetchable",
  allowedOrigins: ["http://127.0.0.1:9000", "https://acme.com:8443", "https://plain.com"],
};

describe("a URL from outside", () => {
  test.each([
    ["decimal", "http://2130706433/", "127.0.0.1"],
    ["hexadecimal", "http://0x7f000001/", "127.0.0.1"],
    ["octal", "http://017700000001/", "127.0.0.1"],
    ["mixed parts", "http://0x7f.0.0.01/", "127.0.0.1"],
    ["octal parts", "http://0177.0.0.1/", "127.0.0.1"],
    ["two parts", "http://127.1/", "127.0.0.1"],
    ["nothing but zero", "http://0/", "0.0.0.0"],
    ["fullwidth digits", "http://１２７.０.０.１/", "127.0.0.1"],
    ["circled digits", "http://①②⑦.⓪.⓪.①/", "127.0.0.1"],
    ["ideographic dots", "http://127。0。0。1/", "127.0.0.1"],
    ["percent-encoded", "http://%31%32%37.0.0.1/", "127.0.0.1"],
    ["a trailing dot", "http://127.0.0.1./", "127.0.0.1"],
    ["a line break inside", "http://127.0.\n0.1/", "127.0.0.1"],
    ["backslashes", "http:\\\\127.0.0.1\\", "127.0.0.1"],
    ["one slash", "http:/127.0.0.1/", "127.0.0.1"],
    ["a backslash before an at sign", "http://127.0.0.1\\@example.com/", "127.0.0.1"],
    ["a fragment with an at sign", "http://127.0.0.1#@example.com/", "127.0.0.1"],
    ["IPv4 in IPv6", "http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"],
    ["IPv4 in IPv6, old", "http://[::127.0.0.1]/", "::7f00:1"],
    ["long IPv6", "http://[0:0:0:0:0:0:0:1]/", "::1"],
  ])("is judged as what the parser makes of it: %s [S05]", (_name, text, hostname) => {
    const target = parseTarget(text, rules);
    expect(target.hostname).toBe(hostname);
    expect(isPublicAddress(target.hostname)).toBe(false);
  });

  test.each([
    ["http://example.com#@127.0.0.1/", "example.com"],
    ["http://127.0.0.1.example.com/", "127.0.0.1.example.com"],
    ["http://ｌｏｃａｌｈｏｓｔ/", "localhost"],
    ["http://LOCALHOST./", "localhost."],
    ["http://еxample.com/", "xn--xample-2of.com"],
  ])("names the host that will be asked for: %s [S05, S27]", (text, hostname) => {
    expect(parseTarget(text, rules).hostname).toBe(hostname);
  });

  test.each([
    "file:///etc/passwd",
    "s3://bucket/key",
    "ftp://example.com/a.png",
    "gopher://example.com/",
    "data:image/png;base64,AAAA",
    "blob:http://example.com/id",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "about:blank",
    "jar:http://example.com/a.jar!/b",
    "ws://example.com/",
  ])("has no other scheme than http and https: %s [S06]", (text) => {
    expect(() => parseTarget(text, rules)).toThrow("must begin with http:// or https://, got");
  });

  test.each([
    ["http://user:word@example.com/", "must not carry a user name or a password"],
    ["http://user@example.com/", "must not carry a user name or a password"],
    ["http://example.com@127.0.0.1/", "must not carry a user name or a password"],
    [`http://${"a".repeat(60)}.${"b".repeat(240)}.com/`, "host name longer than 253 characters"],
    [`http://example.com/${"a".repeat(9000)}`, "longer than 8192 characters"],
    ["http://", "cannot be read"],
    ["http:///", "cannot be read"],
    ["", "cannot be read"],
    ["example.com/a.png", "cannot be read"],
    ["http://[fe80::1%25eth0]/", "cannot be read"],
    ["http://[::1/", "cannot be read"],
    ["http://1.2.3.256/", "cannot be read"],
    ["http://exa mple.com/", "cannot be read"],
    ["http://example.com:99999/", "cannot be read"],
    ["http://example.com:22/", "names port 22; expected 80, 443 or the port of an allowed origin"],
    ["http://example.com:0/", "names port 0"],
    ["https://example.com:8443/", "names port 8443"],
  ])("is refused with its fault: %s [S27, W15]", (text, fault) => {
    const refusal = expect.objectContaining({ code: "source_unfetchable", retry: false });
    expect(() => parseTarget(text, rules)).toThrow(refusal);
    expect(() => parseTarget(text, rules)).toThrow(`the URL of the source `);
    expect(() => parseTarget(text, rules)).toThrow(fault);
  });

  test.each([
    ["http://example.com/", 80],
    ["https://example.com/", 443],
    ["http://example.com:443/", 443],
    ["https://example.com:80/", 80],
    ["http://127.0.0.1:9000/a.png", 9000],
    ["https://acme.com:8443/", 8443],
    ["https://cdn.acme.com:8443/", 8443],
    ["http://acme.com:8443/", 8443],
  ])("may name the usual ports and those of allowed origins: %s", (text, port) => {
    expect(parseTarget(text, rules).port).toBe(port);
  });

  test.each([
    "https://evilacme.com:8443/",
    "https://acme.com:9000/",
    "http://127.0.0.2:9000/",
    "http://127.0.0.1.evil.com:9000/",
    "https://plain.com:8443/",
  ])("may not borrow the port of another origin: %s", (text) => {
    expect(() => parseTarget(text, rules)).toThrow("names port");
  });

  test("may be relative to the one that redirects to it", () => {
    const base = new URL("https://acme.com/a/b.png?x#y");
    expect(parseTarget("../c.png", rules, base).url.href).toBe("https://acme.com/c.png");
    expect(parseTarget("//other.com/c", rules, base).hostname).toBe("other.com");
  });
});
