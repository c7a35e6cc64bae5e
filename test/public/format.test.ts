import { expect, test } from "bun:test";
import { formatBytes, formatClock, formatDuration } from "../../public/format.ts";

test.each([
  [0, "0.0 s"],
  [-5, "0.0 s"],
  [449, "0.4 s"],
  [59_940, "59.9 s"],
  [59_960, "1:00"],
  [65_000, "1:05"],
])("%d ms last %p", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [999, "0 s"],
  [59_999, "59 s"],
  [60_000, "1:00"],
])("a clock that ran %d ms shows %p", (ms, text) => {
  expect(formatClock(ms)).toBe(text);
});

test.each([
  [999, "999 B"],
  [845_123, "845 KB"],
  [999_499, "999 KB"],
  [999_500, "1.0 MB"],
  [1_449_000, "1.4 MB"],
])("%d bytes read %p", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
