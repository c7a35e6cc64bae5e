import { describe, expect, test } from "bun:test";
import { parseWebhookUrl } from "../../src/webhooks/target.ts";

const origins = ["https://acme.com", "http://127.0.0.1:9000", "https://hooks.acme.com:8443"];
const parse = (text: string) => parseWebhookUrl(text, origins);

describe("the address of an endpoint", () => {
  test.each([
    ["https://example.com/hooks?token=1", "https://example.com/hooks?token=1"],
    ["https://EXAMPLE.com", "https://example.com/"],
    ["https://example.com:80/", "https://example.com:80/"],
    ["https://a.hooks.acme.com:8443/x#part", "https://a.hooks.acme.com:8443/x"],
    ["http://127.0.0.1:9000/hooks", "http://127.0.0.1:9000/hooks"],
  ])("%s is taken as %s", (text, url) => {
    expect(parse(text)).toBe(url);
  });

  test.each([
    ["https://user:pass@example.com/", "must not carry a user name or a password"],
    ["ftp://example.com/", "must begin with http:// or https://, got ftp:"],
    ["https://example.com:0/", "names port 0"],
    ["https://example.com:22/", "names port 22"],
    ["https://example.com:25/", "names port 25"],
    ["https://", "cannot be read"],
    ["/hooks", "cannot be read"],
    ["http://example.com/", "must begin with https://"],
    ["http://acme.com/", "must begin with https://"],
    ["http://127.0.0.1:9001/", "names port 9001"],
  ])("%s is refused: it %s [W15]", (text, fault) => {
    expect(() => parse(text)).toThrow(`the URL of the webhook ${fault}`);
  });
});
