import { expect, test } from "bun:test";
import { encodePlace, parsePlace } from "../../src/assets/page.ts";

test.each([
  { createdAt: 0, id: "0" },
  { createdAt: 1_795_245_812_631, id: "a25b330a71e2bc6b" },
  { createdAt: 5, id: "uploads/usr_1/1-abc.png" },
])("a place goes round through its cursor: %j", (place) => {
  expect(encodePlace(place)).toMatch(/^[\w-]+$/);
  expect(parsePlace(encodePlace(place))).toEqual(place);
});

test.each(["", "abc", "MTp4=", "MTp4 ", encodePlace({ createdAt: -1, id: "x" }), "é"])(
  "%j names no place",
  (cursor) => {
    expect(parsePlace(cursor)).toBeUndefined();
  },
);
