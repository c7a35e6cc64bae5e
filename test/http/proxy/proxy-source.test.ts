import { describe, expect, test } from "bun:test";
import { authoriseSource } from "../../../src/http/proxy/proxy-source.ts";
import { parseProxyUrl } from "../../../src/http/proxy/proxy-url.ts";
import type { ProxyProject } from "../../../src/projects/proxy-project.ts";
import { encodeSource, signSource } from "../../../src/projects/signing.ts";

const nowMs = 1_714_800_000_000;
const context = { baseUrl: "http://127.0.0.1:8477", nowMs };

const project: ProxyProject = {
  id: "proj_1",
  ownerId: "usr_1",
  proxyKey: "pk_abc",
  allowedOrigins: ["https://acme.com", "http://127.0.0.1:9000", "https://xn--mller-kva.de"],
  signing: undefined,
  defaultMotion: "medium",
  defaultMode: "loop",
  defaultDurSeconds: 4,
  pendingMode: "json",
};
const secret = "test-secret";
const signing: ProxyProject = { ...project, signing: { secret, previous: undefined } };

const plain = (source: string) =>
  authoriseSource(context, project, parseProxyUrl(`/v1/pk_abc/${source}.mp4`));

function signed(src: string) {
  const expSeconds = nowMs / 1000 + 60;
  const sig = signSource(secret, { projectKey: "pk_abc", src, expSeconds });
  const target = `/v1/pk_abc/${encodeSource(src)}.mp4?sig=${sig}&exp=${expSeconds}`;
  return authoriseSource(context, signing, parseProxyUrl(target));
}

describe("a plain source", () => {
  test.each([
    ["acme.com/hero.png", "https://acme.com/hero.png"],
    ["cdn.acme.com/hero.png", "https://cdn.acme.com/hero.png"],
    ["CDN.acme.com/Hero.png", "https://cdn.acme.com/Hero.png"],
    ["acme.com:443/hero.png", "https://acme.com/hero.png"],
    ["127.0.0.1:9000/a.png", "http://127.0.0.1:9000/a.png"],
    ["acme.com/a.png%3Fw=1%26x=%2525", "https://acme.com/a.png?w=1&x=%25"],
    ["acme.com/a%20b.png", "https://acme.com/a%20b.png"],
    ["acme.com/%C3%A9.png", "https://acme.com/%C3%A9.png"],
    ["acme.com/e%CC%81.png", "https://acme.com/e%CC%81.png"],
    ["xn--mller-kva.de/a.png", "https://xn--mller-kva.de/a.png"],
    ["127.0.0.1:8477/uploads/usr_1/1-a.png", "http://127.0.0.1:8477/uploads/usr_1/1-a.png"],
  ])("%s is %s", (source, href) => {
    expect(plain(source)).toBe(href);
  });

  test.each([
    "evil.com/hero.png",
    "evilacme.com/hero.png",
    "acme.com.evil.com/hero.png",
    "acme.com./hero.png",
    "acme.com:8443/hero.png",
    "127.0.0.1:9001/a.png",
    "127.0.0.1:8477/readyz.png",
    "127.0.0.1:8477/uploads/../a.png",
    "127.0.0.1:8477/uploads/usr_1/..%252Fa.png",
    "localhost:8477/uploads/usr_1/1-a.png",
  ])("%s is not in the allowlist", (source) => {
    expect(() => plain(source)).toThrow(/^origin not in allowlist$/);
  });

  test.each([
    ["https://acme.com/a.png", "leave out the scheme"],
    ["aHR0cHM6Ly9hLmNvbS9hLnBuZw", "signing is off"],
    ["user:secret@acme.com/a.png", "write the host of the source as acme.com"],
    ["acme.com%5C@evil.com/a.png", "write the host of the source as acme.com"],
    ["m%C3%BCller.de/a.png", "write the host of the source as xn--mller-kva.de"],
    ["%EF%BD%81cme.com/a.png", "write the host of the source as acme.com"],
    ["2130706433/a.png", "write the host of the source as 127.0.0.1"],
    ["0x7f.1:9000/a.png", "write the host of the source as 127.0.0.1:9000"],
    ["acme.com/a.png%23x", "fragment"],
    ["acme.com/a.png%20", "no http or https URL"],
    ["/a.png", "write the host"],
    [":9000/a.png", "no http or https URL"],
    ["acme.com:99999/a.png", "no http or https URL"],
    [`acme.com/${"a".repeat(2032)}`, "2049 characters, at most 2048"],
  ])("%s is refused", (source, why) => {
    expect(() => plain(source)).toThrow(why);
  });

  test("is refused by a project that takes signed ones", () => {
    const url = parseProxyUrl("/v1/pk_abc/acme.com/hero.png.mp4");
    expect(() => authoriseSource(context, signing, url)).toThrow(/^invalid signature: /);
  });
});

describe("a signed source", () => {
  test("may have any origin, over http too", () => {
    expect(signed("https://other.com/a.png")).toBe("https://other.com/a.png");
    expect(signed("http://other.com:8080/a.png?x=1")).toBe("http://other.com:8080/a.png?x=1");
  });

  test("is one source however it is escaped, but has one signature a spelling", () => {
    expect(signed("https://a.com/é.png")).toBe("https://a.com/%C3%A9.png");
  });

  test.each([
    "file:///etc/passwd",
    "s3://bucket/key",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "https:acme.com/a.png",
    "https://user@acme.com/a.png",
    "https://a.com/a\n.png",
    " https://a.com/a.png",
    "https://a.com/a.png#x",
    "a.com/a.png",
    "",
  ])("%j is refused, although its signature is good", (src) => {
    expect(() => signed(src)).toThrow(/^malformed proxy URL: /);
  });
});
