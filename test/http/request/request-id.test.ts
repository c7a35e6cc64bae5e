import { expect, test } from "bun:test";
import { createRequestIds } from "../../../src/http/request/request-id.ts";

const ids = createRequestIds(0x01020304);
const idOf = (given?: string) =>
  ids.of(new Headers(given === undefined ? {} : { "X-Request-Id": given }));

test.each(["abcd", "a-b_c-D9", "a".repeat(64)])("%s is echoed", (given) => {
  expect(idOf(given)).toBe(given);
});

test.each([
  "",
  "abc",
  "a".repeat(65),
  "a".repeat(129),
  "ab cd",
  "abcd ef",
  "käse",
  "a.b.c",
  "a;b=c",
])("%j is replaced by ours [H02]", (given) => {
  expect(idOf(given)).toMatch(/^req_[0-9a-f]{8}$/);
});

test("fresh ids do not repeat", () => {
  const seen = new Set(Array.from({ length: 100_000 }, () => idOf()));
  expect(seen.size).toBe(100_000);
});
