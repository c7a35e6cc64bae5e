import { expect, test } from "bun:test";
import { formatHttpDate, parseHttpDate } from "../../../src/http/answer/http-date.ts";

const ms = Date.UTC(1994, 10, 6, 8, 49, 37);

test("a date is written in the preferred form", () => {
  expect(formatHttpDate(ms + 999)).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
});

test.each([
  "Sun, 06 Nov 1994 08:49:37 GMT",
  "Sunday, 06-Nov-94 08:49:37 GMT",
  "Sun Nov  6 08:49:37 1994",
])("%s is read", (text) => {
  expect(parseHttpDate(text)).toBe(ms);
});

test("two digits of a year are read near the present", () => {
  expect(parseHttpDate("Saturday, 21-Nov-26 00:00:00 GMT")).toBe(Date.UTC(2026, 10, 21));
});

test.each([
  null,
  "",
  "0",
  "1994-11-06T08:49:37Z",
  "Sun, 06 Nov 1994 08:49:37 +0100",
  "Sun, 06 Xxx 1994 08:49:37 GMT",
  "6 Nov 1994",
  '"tag"',
])("%j is no date", (text) => {
  expect(parseHttpDate(text)).toBeUndefined();
});
