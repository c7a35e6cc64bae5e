import { expect, test } from "bun:test";
import { localUrl } from "../../src/config/local-url.ts";

const rows = [
  ["127.0.0.1", "http://127.0.0.1:80"],
  ["0.0.0.0", "http://127.0.0.1:80"],
  ["::", "http://[::1]:80"],
  ["::1", "http://[::1]:80"],
  ["clips.local", "http://clips.local:80"],
] as const;

test.each(rows)("a listener on %s is reached at %s", (host, url) => {
  expect(localUrl({ kind: "tcp", host, port: 80 })).toBe(url);
});

test("a socket file has no URL", () => {
  expect(localUrl({ kind: "unix", path: "/run/x.sock" })).toBeUndefined();
});
