import { expect, test } from "bun:test";
import { parseRetryAfter } from "../../src/net/retry-after.ts";

const now = Date.UTC(2026, 0, 1);

test.each<[string | null, number | undefined]>([
  ["30", 30_000],
  ["0", undefined],
  ["Thu, 01 Jan 2026 00:02:00 GMT", 120_000],
  ["Wed, 31 Dec 2025 23:00:00 GMT", undefined],
  ["999999999", 86_400_000],
  ["9999999999999", undefined],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["", undefined],
  [null, undefined],
])("Retry-After: %s asks for a wait of %p ms", (text, expected) => {
  expect(parseRetryAfter(text, now)).toBe(expected);
});
