import { describe, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { isOwnOrigin } from "../../src/net/own-origins.ts";
import { parseTarget } from "../../src/net/target.ts";

const allowedOrigins = ["http://a.test:8477", "http://motion.example.com:9999"];
const rules = { subject: "the source", failedCode: "source_unfetchable", allowedOrigins } as const;
const isOwn = (url: string, address: string, ...own: readonly string[]) =>
  isOwnOrigin(parseTarget(url, rules), address, own);

describe("this server's own address [S11]", () => {
  test("is the address and port it listens on, by whatever name", () => {
    expect(isOwn("http://a.test:8477/x", "127.0.0.1", "http://127.0.0.1:8477")).toBe(true);
    expect(isOwn("http://a.test:8477/x", "::1", "http://[::1]:8477")).toBe(true);
  });

  test("is its public name, wherever that leads", () => {
    const own = "https://motion.example.com";
    expect(isOwn("https://motion.example.com/v1/x", "93.184.216.34", own)).toBe(true);
    expect(isOwn("http://motion.example.com:443/v1/x", "93.184.216.34", own)).toBe(true);
  });

  test("is not another port or another address", () => {
    expect(isOwn("http://a.test/x", "127.0.0.1", "http://127.0.0.1:8477")).toBe(false);
    expect(isOwn("http://a.test:8477/x", "127.0.0.2", "http://127.0.0.1:8477")).toBe(false);
    const own = "https://motion.example.com";
    expect(isOwn("http://motion.example.com:9999/", "93.184.216.34", own)).toBe(false);
    expect(isOwn("https://www.motion.example.com/", "93.184.216.34", own)).toBe(false);
  });

  test.each(["http://0.0.0.0:8477", "http://[::]:8477"])(
    "is every address of this machine when it listens on all of them: %s",
    (own) => {
      const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
      for (const { address } of addresses) {
        expect(isOwn("http://a.test:8477/", address, own)).toBe(true);
      }
      expect(isOwn("http://a.test:8477/", "127.9.9.9", own)).toBe(true);
      expect(isOwn("http://a.test:8477/", "93.184.216.34", own)).toBe(false);
    },
  );

  test("is loopback when it listens on localhost", () => {
    expect(isOwn("http://a.test:8477/", "::1", "http://localhost:8477")).toBe(true);
    expect(isOwn("http://a.test:8477/", "127.0.0.1", "http://localhost:8477")).toBe(true);
    expect(isOwn("http://a.test:8477/", "10.0.0.1", "http://localhost:8477")).toBe(false);
  });

  test("is any of several, and none of none", () => {
    const own = ["https://motion.example.com", "http://127.0.0.1:8477"];
    expect(isOwn("http://a.test:8477/", "127.0.0.1", ...own)).toBe(true);
    expect(isOwn("http://a.test:8477/", "127.0.0.1")).toBe(false);
  });
});
